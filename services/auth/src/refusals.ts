import { Problem, type ProblemKey } from '@realtime/contracts'
import { isAPIError } from 'better-auth/api'

const byCode: Record<string, ProblemKey> = {
  INVALID_EMAIL_OR_PASSWORD: 'wrong-credentials',
  INVALID_CODE: 'wrong-credentials',
  INVALID_BACKUP_CODE: 'wrong-credentials',
  INVALID_TWO_FACTOR_COOKIE: 'unauthenticated',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'unauthenticated',
  SESSION_NOT_FRESH: 'fresh-sign-in-required',
  USER_ALREADY_EXISTS: 'email-taken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'email-taken',
}

const byStatus: Record<number, ProblemKey> = {
  400: 'invalid-input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  422: 'invalid-input',
  429: 'rate-limited',
}

/** Runs a call of better-auth; its refusals become problems of the table that keep its `code` and `message`. */
export async function asking<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isAPIError(error)) throw error
    // Not a refusal but a failure, of the database for instance: what lies behind it says more.
    if (error.statusCode >= 500) throw error.cause ?? error
    const { code, message } = (error.body ?? {}) as { code?: string; message?: string }
    const key = byCode[code ?? ''] ?? byStatus[error.statusCode] ?? 'internal'
    throw new Problem(key, undefined, {
      cause: error,
      extra: { ...(code ? { code } : {}), ...(message ? { message } : {}) },
    })
  }
}

import { Problem, type ProblemKey } from '@realtime/contracts'
import { isAPIError } from 'better-auth/api'

const notVerified = 'The passkey could not be verified.'
const byCode: Record<string, [key: ProblemKey, detail?: string]> = {
  INVALID_EMAIL_OR_PASSWORD: ['wrong-credentials'],
  INVALID_BACKUP_CODE: ['wrong-credentials', 'This recovery code is not right, or was used.'],
  INVALID_TWO_FACTOR_COOKIE: ['unauthenticated', 'It took too long; sign in again.'],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: ['unauthenticated', 'Too many codes were wrong; sign in again.'],
  SESSION_NOT_FRESH: ['fresh-sign-in-required'],
  CHALLENGE_NOT_FOUND: ['invalid-token', 'It took too long; try it again.'],
  // The library says a status of 500 to what it cannot verify.
  FAILED_TO_VERIFY_REGISTRATION: ['invalid-input', notVerified],
  YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY: ['forbidden'],
  PASSKEY_NOT_FOUND: ['wrong-credentials', 'This passkey is not known here.'],
  AUTHENTICATION_FAILED: ['wrong-credentials', notVerified],
  USER_ALREADY_EXISTS: ['email-taken'],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: ['email-taken'],
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
    const { code, message } = (error.body ?? {}) as { code?: string; message?: string }
    const known = byCode[code ?? '']
    // Not a refusal but a failure, of the database for instance: what lies behind it says more.
    if (!known && error.statusCode >= 500) throw error.cause ?? error
    const [key, detail] = known ?? [byStatus[error.statusCode] ?? 'internal']
    throw new Problem(key, detail, {
      cause: error,
      extra: { ...(code ? { code } : {}), ...(message ? { message } : {}) },
    })
  }
}

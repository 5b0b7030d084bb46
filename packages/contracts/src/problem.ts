import { z } from 'zod'

/**
 * Every failure the platform can answer with: key → [HTTP status, title]. The key is the last part of the RFC 9457
 * `type` URI; the same table serves HTTP answers, socket acknowledgements, `connect_error.data` and the Python service.
 */
export const problems = {
  'malformed-json': [400, 'The request body is not valid JSON'],
  'invalid-input': [400, 'The request is not valid'],
  'invalid-path': [400, 'The path of the request is not acceptable'],
  'invalid-update': [400, 'The update is not a valid Yjs update for this document'],
  'invalid-token': [400, 'The link or token is not valid, was used, or has expired'],
  'invalid-file': [400, 'The file is not one that can be used here'],
  'invalid-signature': [400, 'The signature of the request does not hold'],
  unauthenticated: [401, 'Sign in to continue'],
  'wrong-credentials': [401, 'The e-mail address or the password is wrong'],
  'plan-limit': [402, 'The plan of this organization does not include more of this'],
  'two-factor-required': [401, 'A code of the second factor is needed'],
  'password-required': [401, 'This link needs a password'],
  forbidden: [403, 'You may not do this'],
  'origin-refused': [403, 'Requests from this origin are not allowed'],
  'sign-up-closed': [403, 'Signing up is not open on this server'],
  'email-unverified': [403, 'Confirm your e-mail address first'],
  'fresh-sign-in-required': [403, 'Sign in again to do this'],
  suspended: [403, 'This account is suspended'],
  'read-only': [403, 'You may read this document but not change it'],
  'foreign-client-id': [403, 'The update writes under a client id that belongs to someone else'],
  'not-found': [404, 'There is nothing here, or you may not know of it'],
  'method-not-allowed': [405, 'This method is not allowed here'],
  conflict: [409, 'The request conflicts with the current state'],
  'email-taken': [409, 'An account with this e-mail address exists already'],
  'slug-taken': [409, 'This address of an organization is taken'],
  'epoch-changed': [409, 'The document was replaced; open it again'],
  'client-id-taken': [409, 'The client id belongs to someone else; take another'],
  'setup-done': [409, 'This server is set up already'],
  'payload-too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'The content type is not supported here'],
  'range-not-satisfiable': [416, 'There is no such part'],
  'protocol-mismatch': [426, 'This client speaks another protocol version; reload to update'],
  'rate-limited': [429, 'Too many requests; try again later'],
  internal: [500, 'Something went wrong on the server'],
  'upstream-failed': [502, 'Another part of the platform failed'],
  unavailable: [503, 'A part of the platform cannot be reached'],
  'ai-unavailable': [503, 'AI is not switched on'],
  'mail-unavailable': [503, 'No mail server is set up'],
  'billing-unavailable': [503, 'Billing is not switched on'],
  draining: [503, 'The server is about to restart; try again'],
  timeout: [504, 'A part of the platform did not answer in time'],
} as const satisfies Record<string, readonly [status: number, title: string]>

/** A key of the table of problems. */
export type ProblemKey = keyof typeof problems

/** One thing that is wrong with the input: where (dotted path) and what. */
export const problemIssue = z.object({ path: z.string(), message: z.string() })

/** The JSON of a problem (RFC 9457, `application/problem+json`); members beyond these are extensions. */
export const problemJson = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(problemIssue).optional(),
})
export type ProblemJson = z.infer<typeof problemJson>

/** Content type of a problem answer. */
export const PROBLEM_TYPE = 'application/problem+json'

export interface ProblemOptions {
  /** What is wrong with the input, each with its path. */
  errors?: z.infer<typeof problemIssue>[]
  /** Extension members of the JSON, for instance `code` or `upstream`. */
  extra?: Record<string, unknown>
  /** Answer headers, for instance `Retry-After`. */
  headers?: Record<string, string>
  cause?: unknown
  /** The request id of the answer this problem was read from. */
  instance?: string
}

/** A failure of the table, thrown anywhere and turned into an answer in one place. */
export class Problem extends Error {
  readonly key: ProblemKey
  readonly status: number
  readonly title: string
  readonly errors: z.infer<typeof problemIssue>[] | undefined
  readonly extra: Record<string, unknown>
  readonly headers: Record<string, string>
  readonly instance: string | undefined

  constructor(key: ProblemKey, detail?: string, options: ProblemOptions = {}) {
    const [status, title] = problems[key]
    super(detail ?? title, { cause: options.cause })
    this.name = 'Problem'
    this.key = key
    this.status = status
    this.title = title
    this.errors = options.errors
    this.extra = options.extra ?? {}
    this.headers = options.headers ?? {}
    this.instance = options.instance
  }

  /**
   * The JSON of this problem for the request `instance`. The detail of a 5xx is its title only, so that nothing
   * internal leaks; the `unavailable` ones speak to the user and keep theirs.
   */
  toJson(instance: string): ProblemJson {
    const speaks = this.status < 500 || this.key.endsWith('unavailable')
    return {
      ...this.extra,
      type: `/problems/${this.key}`,
      title: this.title,
      status: this.status,
      detail: speaks ? this.message : this.title,
      instance,
      ...(this.errors ? { errors: this.errors } : {}),
    }
  }
}

/** Reads a problem from JSON; null when `value` is not a problem of the table. */
export function problemFrom(value: unknown): Problem | null {
  const parsed = problemJson.safeParse(value)
  if (!parsed.success) return null
  const key = /^\/problems\/([a-z-]+)$/.exec(parsed.data.type)?.[1]
  if (key === undefined || !isProblemKey(key)) return null
  const { type: _type, title: _title, status: _status, detail, instance, errors, ...extra } = parsed.data
  return new Problem(key, detail, { errors, extra, instance })
}

/** Turns anything thrown into a problem: unknown errors become `internal` and keep their cause for the log. */
export function toProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', undefined, { cause: error })
}

/** The `invalid-input` problem of a failed zod parse; `where` (body, query, params) begins each path. */
export function invalidInput(error: z.ZodError, where?: string): Problem {
  const errors = error.issues.map((issue) => ({
    path: [...(where ? [where] : []), ...issue.path.map(String)].join('.'),
    message: issue.message,
  }))
  const first = errors[0]
  return new Problem('invalid-input', first ? `${first.path}: ${first.message}` : undefined, { errors })
}

function isProblemKey(key: string): key is ProblemKey {
  return Object.hasOwn(problems, key)
}

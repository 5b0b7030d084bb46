/** Where the database floor writes its few lines; a pino logger is one. */
export type DatabaseLog = { info(message: string): void; warn(message: string): void }

/** Says nothing. */
export const silent: DatabaseLog = { info: () => undefined, warn: () => undefined }

/** The PostgreSQL that this program brings along, for when no DATABASE_URL is given. */
export { PostgresFailed } from './failure.ts'
export { endLeftovers } from './leftovers.ts'
export { isClaimed } from './place.ts'
export { type PostgresOptions, type PostgresServer, startPostgres } from './server.ts'

// Begins the thread of `past.ts`: what kinds answer is TypeScript, and a worker starts without a loader.
import { register } from 'tsx/esm/api'

register()
await import('./past-work.ts')

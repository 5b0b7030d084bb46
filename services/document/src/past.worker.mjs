// Begins the thread of `past.ts`: what kinds answer is TypeScript, and a worker starts without a loader.
import { register } from 'tsx/esm/api'
import './quietly.mjs'

register()
await import('./past-work.ts')

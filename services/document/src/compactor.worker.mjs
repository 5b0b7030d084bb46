// Begins the thread of `compactor.ts`: it is TypeScript, and a worker starts without a loader.
import { register } from 'tsx/esm/api'
import './quietly.mjs'

register()
await import('./compactor-work.ts')

import { serveStripe } from './server.ts'

// main.ts [port]   a Stripe of our own on loopback, for tests and for looking: it forgets everything when it ends

const { url } = await serveStripe(Number(process.argv[2] ?? 0))
console.log(`A fake Stripe listens at ${url}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
// Whoever started it and is gone needs it no more.
process.once('disconnect', () => process.exit(0))

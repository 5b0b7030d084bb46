import { serveStripe } from './server.ts'

// main.ts [port [webhook URL]]   a Stripe of our own on loopback, for tests and for looking: it forgets everything when
//                                it ends; with a webhook URL its events are sent there as they happen

const [port = '0', webhook] = process.argv.slice(2)
const { url } = await serveStripe(Number(port))
console.log(`A fake Stripe listens at ${url}`)
if (webhook) {
  const secret = 'whsec_of_a_fake_for_looking'
  const body = JSON.stringify({ mode: 'send', url: webhook, secret })
  await fetch(`${url}/control/delivery`, { method: 'POST', body })
  console.log(`STRIPE_SECRET_KEY=sk_test_fake STRIPE_WEBHOOK_SECRET=${secret} STRIPE_API_URL=${url}`)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
// Whoever started it and is gone needs it no more.
process.once('disconnect', () => process.exit(0))

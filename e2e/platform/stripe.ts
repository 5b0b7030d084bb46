import { spawnNode } from './process.ts'

/** A Stripe of our own in a process of its own, with a memory that ends with it. */
export interface FakeStripe {
  /** The variables that switch billing on with it. */
  env: Record<string, string>
  /** Turns one of its knobs; `services/organization/stripe/controls.ts` lists them. */
  control(name: string, input: Record<string, unknown>): Promise<unknown>
  stop(): Promise<void>
}

const SECRET = 'whsec_of_a_fake_for_tests'

/** Starts a fake Stripe on a free port. */
export async function startStripe(): Promise<FakeStripe> {
  const child = spawnNode(['--import', 'tsx', 'services/organization/stripe/main.ts'], {})
  const [, url = ''] = await child.said(/listens at (\S+)/, 30_000)
  return {
    env: { STRIPE_SECRET_KEY: 'sk_test_fake', STRIPE_WEBHOOK_SECRET: SECRET, STRIPE_API_URL: url },
    async control(name, input) {
      const response = await fetch(`${url}/control/${name}`, { method: 'POST', body: JSON.stringify(input) })
      if (!response.ok) throw new Error(`${name}: ${await response.text()}`)
      return response.json()
    },
    async stop() {
      await child.end('SIGTERM')
    },
  }
}

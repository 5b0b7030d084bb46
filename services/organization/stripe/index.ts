import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Controls } from './controls.ts'

export type { Controls } from './controls.ts'
export type { Event, Subscription } from './objects.ts'

/** A fake Stripe in a process of its own: the real SDK and browsers talk to it, and tests turn its knobs. */
export interface FakeStripe {
  url: string
  /** The organization service's variables that let it talk to this one. */
  env: { STRIPE_SECRET_KEY: string; STRIPE_WEBHOOK_SECRET: string; STRIPE_API_URL: string }
  control<Name extends keyof Controls>(name: Name, input: Controls[Name]['in']): Promise<Controls[Name]['out']>
  /** Lets events go to a webhook endpoint. */
  sendTo(url: string): Promise<void>
  /** Presses a button on a page of Stripe's, and answers where it leads; null when it stays. */
  press(page: string, choice: string): Promise<string | null>
  stop(): Promise<void>
}

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const root = fileURLToPath(new URL('../../..', import.meta.url))
const WEBHOOK_SECRET = 'whsec_of_a_fake_for_tests'

/** Starts a fake Stripe. It holds its events until `sendTo`. */
export async function startFakeStripe(): Promise<FakeStripe> {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      const found = /listens at (\S+)/.exec(said)?.[1]
      if (found) resolve(found)
    })
    void ended.then(() => reject(new Error('the fake Stripe ended')))
  })
  const control: FakeStripe['control'] = async (name, input) => {
    const response = await fetch(`${url}/control/${name}`, { method: 'POST', body: JSON.stringify(input) })
    const body = await response.json()
    if (!response.ok) throw new Error(`${name}: ${JSON.stringify(body)}`)
    return body
  }
  await control('delivery', { secret: WEBHOOK_SECRET })
  return {
    url,
    env: { STRIPE_SECRET_KEY: 'sk_test_fake', STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, STRIPE_API_URL: url },
    control,
    async sendTo(target) {
      await control('delivery', { mode: 'send', url: target })
    },
    async press(page, choice) {
      const response = await fetch(page, { method: 'POST', body: new URLSearchParams({ choice }), redirect: 'manual' })
      await response.arrayBuffer()
      return response.headers.get('location')
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

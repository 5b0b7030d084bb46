import { BlockList, isIP } from 'node:net'
import { field } from '@realtime/kit'
import { z } from 'zod'

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** Whether `text` is an IP address or a CIDR range. */
function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

const origins = z
  .string()
  .default('')
  .transform(list)
  .refine(
    (all) => all.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be a comma-separated list of origins such as https://docs.example.org (no path, no slash at the end)',
  )
  .describe('Further origins whose pages may call the API and open sockets, comma-separated')

const proxies = z
  .string()
  .default('')
  .transform(list)
  .refine((all) => all.every(isRange), 'must be a comma-separated list of addresses or CIDR ranges')
  .describe('Addresses or CIDR ranges of proxies in front of the gateway whose X-Forwarded-For is believed')

const limit = (value: number, what: string) =>
  z.coerce.number().int().min(0).default(value).describe(`${what}; 0 switches this limit off`)

const milliseconds = (value: number, what: string) =>
  z.coerce.number().int().min(50).max(2_147_483_647).default(value).describe(`Milliseconds ${what}`)

/** The gateway's environment. */
export const gatewayConfig = z.object({
  GATEWAY_LISTEN: field.listen('gateway').describe('Address of the one public port, host:port'),
  GATEWAY_INTERNAL_LISTEN: field
    .internalListen('gateway')
    .describe("Address of the gateway's /ready and /metrics, host:port; never expose it"),
  PUBLIC_URL: field.publicUrl(),
  ALLOWED_ORIGINS: origins,
  TRUSTED_PROXIES: proxies,
  LOG_LEVEL: field.logLevel(),
  NODE_ENV: z
    .string()
    .default('production')
    .describe('`development` lets the web app reload pages through a WebSocket of its own'),
  AUTH_URL: field.url('auth'),
  ORGANIZATION_URL: field.url('organization'),
  DOCUMENT_URL: field.url('document'),
  COLLABORATION_URL: field.url('collaboration'),
  AI_URL: field.url('AI').optional().describe('Where the AI service answers; unset, /ai says how to switch it on'),
  WEB_URL: field.url('web').describe('Where the web app answers'),
  UPSTREAM_TIMEOUT_MS: milliseconds(30_000, 'a part may take to begin its answer; streams and uploads may last longer'),
  UPGRADE_TIMEOUT_MS: milliseconds(10_000, 'a WebSocket handshake may take'),
  RATE_LIMIT_ACTOR: limit(300, 'Requests in 10 seconds of one signed-in person at one address'),
  RATE_LIMIT_ANONYMOUS: limit(1_000, 'Requests in 10 seconds without a token, by address'),
  RATE_LIMIT_ADDRESS: limit(5_000, 'Requests in 10 seconds of one address, signed in or not'),
  RATE_LIMIT_AUTH: limit(60, 'POST requests to /auth in a minute, by address'),
})
export type GatewayConfig = z.output<typeof gatewayConfig>

/** The addresses and ranges of `TRUSTED_PROXIES` as a set that can be asked. */
export function trustedProxies(ranges: string[]): BlockList {
  const set = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) set.addAddress(address, family)
    else set.addSubnet(address, Number(bits), family)
  }
  return set
}

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Characters of a link's id and of a visitor's, as `newId` makes them. */
const ID_LENGTH = 20
/** Characters of a signature: 132 bits. */
const MAC_LENGTH = 22

/** What of a link its tokens are made of. */
export interface Signed {
  id: string
  nonce: string
  passwordHash: string | null
}

/** Makes and reads the tokens of share links and the proofs that visitors keep. */
export interface LinkTokens {
  /** The token of a link: its id and a signature, so that the table alone opens nothing. */
  token(link: Signed): string
  /** The id that a token names; whether it is signed, `matches` tells. Null when it is in another form. */
  idOf(token: string): string | null
  matches(link: Signed, token: string): boolean
  /** What a visitor proves next time who they are by, and that they knew the password that holds now. */
  proof(link: Signed, visitorId: string): string
  /** The visitor of a proof for this link, and whether they knew its password; null for another's or a forged one. */
  visitorOf(link: Signed, proof: string | undefined): { id: string; knewPassword: boolean } | null
}

/** Signs with a key of its own purpose, derived from the secret of the service. */
export function linkTokens(secret: string): LinkTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'document share links', 32))
  const sign = (...parts: string[]): string =>
    createHmac('sha256', key).update(parts.join('\n')).digest('base64url').slice(0, MAC_LENGTH)
  const identity = ({ id, nonce }: Signed, visitorId: string): string => sign('visitor', id, nonce, visitorId)
  const password = ({ id, nonce, passwordHash }: Signed, visitorId: string): string =>
    sign('password', id, nonce, visitorId, passwordHash ?? '')
  return {
    token: ({ id, nonce }) => `${id}${sign('link', id, nonce)}`,
    idOf: (token) => (token.length === ID_LENGTH + MAC_LENGTH ? token.slice(0, ID_LENGTH) : null),
    matches: ({ id, nonce }, token) => same(token, `${id}${sign('link', id, nonce)}`),
    proof: (link, visitorId) => [visitorId, identity(link, visitorId), password(link, visitorId)].join('.'),
    visitorOf(link, proof) {
      const [id = '', mac = '', knows = ''] = proof?.split('.') ?? []
      if (id === '' || !same(mac, identity(link, id))) return null
      return { id, knewPassword: same(knows, password(link, id)) }
    },
  }
}

function same(one: string, other: string): boolean {
  const given = Buffer.from(one)
  const right = Buffer.from(other)
  return given.length === right.length && timingSafeEqual(given, right)
}

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What WebAuthn calls an authenticator, in software: real keys and signatures, for tests. */
export interface Authenticator {
  /** Answers as a browser does that made a passkey. */
  make(options: CreationOptions, change?: Change): Record<string, unknown>
  /** Answers as a browser does that used the passkey. */
  use(options: RequestOptions, change?: Change): Record<string, unknown>
}

interface CreationOptions {
  challenge?: unknown
  rp?: unknown
}

interface RequestOptions {
  challenge?: unknown
  rpId?: unknown
}

/** What a forger or another site would change. */
interface Change {
  origin?: string
  userVerified?: boolean
  /** Signs with this key instead of the passkey's own. */
  key?: KeyObject
  /** The id of the passkey that it pretends to be. */
  id?: string
}

const PRESENT = 0x01
const VERIFIED = 0x04
const BACKED_UP = 0x18
const ATTESTED = 0x40

/** A fresh authenticator with one passkey for pages of `origin`. */
export function authenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(16)
  let counter = 0
  const clientData = (type: string, challenge: unknown, change: Change) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: change.origin ?? origin, crossOrigin: false }))
  const authenticatorData = (rpId: string, flags: number) => {
    const head = Buffer.alloc(5)
    head.writeUInt8(flags | BACKED_UP)
    head.writeUInt32BE(counter++, 1)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), head])
  }
  const flagsOf = ({ userVerified = true }: Change) => PRESENT | (userVerified ? VERIFIED : 0)
  const answer = (change: Change, response: Record<string, unknown>) => {
    const id = change.id ?? credentialId.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }
  return {
    make(options, change = {}) {
      const { id: rpId } = options.rp as { id: string }
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const authData = Buffer.concat([
        authenticatorData(rpId, flagsOf(change) | ATTESTED),
        Buffer.alloc(16),
        length,
        credentialId,
        coseKey(publicKey),
      ])
      // CBOR of {fmt: "none", attStmt: {}, authData}.
      const head = Buffer.from([0x58, authData.length])
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068', 'hex'),
        Buffer.from('authData'),
        head,
        authData,
      ])
      return answer(change, {
        clientDataJSON: clientData('webauthn.create', options.challenge, change).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      })
    },
    use(options, change = {}) {
      const data = authenticatorData(String(options.rpId), flagsOf(change))
      const client = clientData('webauthn.get', options.challenge, change)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return answer(change, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, change.key ?? privateKey).toString('base64url'),
      })
    },
  }
}

/** A public key as CBOR of COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const coordinate = (label: number, value: string) =>
    Buffer.concat([Buffer.from([label, 0x58, 32]), Buffer.from(value, 'base64url')])
  return Buffer.concat([Buffer.from('a5010203262001', 'hex'), coordinate(0x21, x), coordinate(0x22, y)])
}

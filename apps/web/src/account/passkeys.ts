import { browserSupportsWebAuthn, startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser'

type CreationOptions = Parameters<typeof startRegistration>[0]['optionsJSON']
type RequestOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']

/** Whether this browser can do passkeys here: that takes https or localhost. */
export function passkeysWork(): boolean {
  return typeof window !== 'undefined' && window.isSecureContext && browserSupportsWebAuthn()
}

/** Asks the browser for a new passkey, by the options of the server. @throws PasskeyRefused */
export async function makePasskey(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  return ask(() => startRegistration({ optionsJSON: options as unknown as CreationOptions }))
}

/** Asks the browser for one of its passkeys, by the options of the server. @throws PasskeyRefused */
export async function askForPasskey(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  return ask(() => startAuthentication({ optionsJSON: options as unknown as RequestOptions }))
}

/** The browser, or the person before it, did not give a passkey; the message says why. */
export class PasskeyRefused extends Error {
  /** Whether the person closed the browser's window, which needs no words. */
  readonly cancelled: boolean

  constructor(message: string, cancelled: boolean, cause: unknown) {
    super(message, { cause })
    this.name = 'PasskeyRefused'
    this.cancelled = cancelled
  }
}

async function ask(work: () => Promise<object>): Promise<Record<string, unknown>> {
  try {
    return { ...(await work()) }
  } catch (cause) {
    throw refusalOf(cause)
  }
}

/** What a browser's error means for the person. Exported for tests. */
export function refusalOf(cause: unknown): PasskeyRefused {
  const name = cause instanceof Error ? cause.name : ''
  if (cause instanceof WebAuthnError && cause.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return new PasskeyRefused('This device has a passkey for your account already.', false, cause)
  if (name === 'InvalidStateError')
    return new PasskeyRefused('This device has a passkey for your account already.', false, cause)
  if (name === 'NotAllowedError' || name === 'AbortError')
    return new PasskeyRefused('No passkey was used: the request was closed or took too long.', true, cause)
  if (name === 'SecurityError')
    return new PasskeyRefused('Passkeys do not work at this address of the server.', false, cause)
  return new PasskeyRefused('The browser could not use a passkey.', false, cause)
}

import { isIP } from 'node:net'
import { passkey } from '@better-auth/passkey'
import { APIError } from 'better-auth/api'

/** Whether browsers make passkeys for this address: over https, or on localhost, and never for a bare number. */
export function passkeysWork(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return false
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
}

/**
 * The library's passkeys for the address people type in. Each use proves that its owner was there (by a finger, a face or
 * a PIN): that is two factors, so that no code is asked for.
 */
export function passkeyPlugin(publicUrl: string) {
  const { hostname, origin } = new URL(publicUrl)
  const proved = (userVerified: boolean | undefined, code: string): void => {
    if (!userVerified) throw new APIError('BAD_REQUEST', { code })
  }
  return passkey({
    rpID: hostname,
    rpName: 'Realtime Collaborator',
    origin,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    advanced: { webAuthnChallengeCookie: 'passkey' },
    registration: {
      afterVerification: ({ verification }) => {
        proved(verification.registrationInfo?.userVerified, 'FAILED_TO_VERIFY_REGISTRATION')
      },
    },
    authentication: {
      afterVerification: ({ verification }) => {
        proved(verification.authenticationInfo.userVerified, 'AUTHENTICATION_FAILED')
      },
    },
  })
}

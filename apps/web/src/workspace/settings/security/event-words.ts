import type { SecurityEvent } from '@realtime/contracts'

const words: Record<string, string> = {
  'account-created': 'The account was created',
  'signed-in': 'Signed in',
  'signed-out': 'Signed out',
  'session-ended': 'A session was ended',
  'sessions-ended': 'All other sessions were ended',
  'password-set': 'A password was set',
  'password-changed': 'The password was changed',
  'password-reset': 'The password was reset by mail',
  'email-verified': 'The address was confirmed',
  'email-change-asked': 'Another address was asked for',
  'email-changed': 'The address was changed',
  'two-factor-on': 'Two-factor authentication was turned on',
  'two-factor-off': 'Two-factor authentication was turned off',
  'recovery-codes-renewed': 'New recovery codes were made',
  'recovery-code-used': 'A recovery code was used',
  'passkey-added': 'A passkey was added',
  'passkey-removed': 'A passkey was removed',
  'provider-linked': 'An account elsewhere was linked',
  'provider-unlinked': 'An account elsewhere was unlinked',
  'key-created': 'An API key was made',
  'key-deleted': 'An API key was deleted',
  suspended: 'An administrator suspended the account',
  restored: 'An administrator gave the account back',
  'made-administrator': 'Made an administrator of this server',
  'no-administrator': 'No administrator of this server any more',
}

/** How one signed in, where that is the detail of an event. */
const ways: Record<string, string> = {
  'sign-up': 'with a new account',
  password: 'with the password',
  'magic-link': 'with a link by mail',
  passkey: 'with a passkey',
  provider: 'through another account',
  'two-factor': 'with a code',
}

/** An event in words; one that is not known is said by its own name, rather than kept back. */
export function eventWords(event: Pick<SecurityEvent, 'type' | 'detail'>): { title: string; detail: string } {
  const { type, detail } = event
  if (type === 'signed-in' && Object.hasOwn(ways, detail)) return { title: `Signed in ${ways[detail]}`, detail: '' }
  const title = Object.hasOwn(words, type) ? words[type] : undefined
  return { title: title ?? type.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase()), detail }
}

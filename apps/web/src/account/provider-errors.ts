const words: Record<string, string> = {
  'access-denied': 'Signing in was cancelled.',
  'sign-up-closed': 'There is no account for you here yet, and signing up is not open on this server.',
  'email-unverified':
    'An account with that address exists, but one of the two addresses is not confirmed. Sign in with your password and link the other account in your settings.',
  'email-taken':
    'An account with that address exists already. Sign in to it, then link the other one in your settings.',
  'already-linked': 'That account is linked to another person here.',
  suspended: 'This account is suspended. Ask the administrator of this server.',
  expired: 'Signing in took too long. Try once more.',
  'two-factor-required': 'Enter a code to go on.',
  unavailable: 'The server of the other account does not answer. Try again later, or sign in another way.',
}

/** What libraries and providers call the same things. */
const same: Record<string, string> = {
  'account-not-linked': 'email-unverified',
  'unable-to-link-account': 'email-unverified',
  'email-not-verified': 'email-unverified',
  'account-already-linked-to-different-user': 'already-linked',
  'signup-disabled': 'sign-up-closed',
  'state-mismatch': 'expired',
  'state-not-found': 'expired',
  'please-restart-the-process': 'expired',
}

/** The sentence for `?error=` of a sign-in elsewhere that did not work; null where there was none. */
export function providerErrorOf(code: string | null): string | null {
  if (!code) return null
  const key = code.toLowerCase().replaceAll('_', '-').replaceAll("'", '')
  const name = Object.hasOwn(same, key) ? (same[key] ?? key) : key
  return (
    (Object.hasOwn(words, name) ? words[name] : null) ??
    'Signing in there did not work. Try once more, or sign in another way.'
  )
}

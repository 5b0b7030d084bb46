import type { Letter } from './letter.ts'

// The words of auth's own mails. They greet nobody by name: whoever signs up with a stranger's address would have us
// send the words they chose as a name.

const ignore = 'If it was not you, you need not do anything.'
const about = 'You get this mail because it concerns the safety of the account with this address.'
const asked = 'You get this mail because somebody gave this address on our server.'

/** Asks the owner of an account to confirm its first address. */
export function confirmAddress(token: string): Letter {
  return {
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'Your account is ready. Confirm that this address is yours: then you can set a new password by mail, and people can invite you by it.',
      'The link works for one day.',
    ],
    button: { label: 'Confirm the address', path: `/verify-email/${token}` },
    footer: asked,
  }
}

/** Completes a sign-up; there is no account before. */
export function completeSignUp(token: string, to: string | undefined): Letter {
  return {
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'One step is left: confirm that this address is yours, and your account is ready.',
      `The link works for one day. ${ignore} Without it no account is made.`,
    ],
    button: { label: 'Confirm the address', path: `/verify-email/${token}${next(to)}` },
    footer: asked,
  }
}

/** Tells the owner of an account that somebody tried to sign up with its address. */
export function hasAccount(): Letter {
  return {
    subject: 'You have an account already',
    paragraphs: [
      'Somebody, probably you, wanted to create an account with this address. There is one already: sign in to it, or set a new password if you forgot yours.',
      ignore,
    ],
    button: { label: 'Sign in', path: '/sign-in' },
    footer: about,
  }
}

/** Asks the owner of a new address to confirm it. */
export function confirmNewAddress(token: string): Letter {
  return {
    subject: 'Confirm your new e-mail address',
    paragraphs: [
      'You asked to use this address for your account. It is used once you confirm it; until then the old one holds.',
      `The link works for one day. ${ignore}`,
    ],
    button: { label: 'Confirm the new address', path: `/verify-email/${token}` },
    footer: asked,
  }
}

/** Tells the owner of an account that somebody wanted its address for another one. */
export function addressInUse(): Letter {
  return {
    subject: 'Your address is in use by your account',
    paragraphs: [
      'Somebody, probably you, wanted to use this address for another account. It belongs to yours already, and nothing was changed.',
      ignore,
    ],
    button: null,
    footer: about,
  }
}

/** Tells the old address that another one was asked for. */
export function changeAsked(address: string): Letter {
  return {
    subject: 'Another e-mail address was asked for',
    paragraphs: [
      `Somebody who is signed in to your account asked to use another address for it: ${address}. It is used once it is confirmed.`,
      'If it was not you, change your password now: that ends all other sessions.',
    ],
    button: { label: 'Look at your account', path: '/settings/security' },
    footer: about,
  }
}

/** Tells the old address that another one is used now. */
export function addressChanged(address: string): Letter {
  return {
    subject: 'Your e-mail address was changed',
    paragraphs: [
      `Your account is now used with another address: ${address}. This one opens it no more.`,
      'If it was not you, ask the administrator of this server for help.',
    ],
    button: null,
    footer: about,
  }
}

/** The way to a new password. */
export function newPassword(token: string): Letter {
  return {
    subject: 'Set a new password',
    paragraphs: [
      'Somebody, probably you, asked for a new password for your account. Setting it ends all sessions.',
      `The link works once, for one hour. ${ignore} The password stays as it is.`,
    ],
    button: { label: 'Set a new password', path: `/reset-password/${token}` },
    footer: about,
  }
}

/** Tells that the password is another one now. */
export function passwordChanged(): Letter {
  return {
    subject: 'Your password was changed',
    paragraphs: [
      'The password of your account was changed, and other sessions were ended.',
      'If it was not you, set a new password now.',
    ],
    button: { label: 'Set a new password', path: '/forgot-password' },
    footer: about,
  }
}

/** A link that signs in. */
export function magicLink(token: string, to: string | undefined): Letter {
  return {
    subject: 'Your link to sign in',
    paragraphs: [
      'You asked for a link to sign in with. Here it is: it works once, for 15 minutes. Give it to nobody.',
      ignore,
    ],
    button: { label: 'Sign in', path: `/magic/${token}${next(to)}` },
    footer: about,
  }
}

/** Shows the administrator that mails arrive. */
export function testLetter(): Letter {
  return {
    subject: 'A mail to try it out',
    paragraphs: ['This server sends mails, and this one arrived.'],
    button: null,
    footer: 'You get this mail because you asked for it as an administrator of this server.',
  }
}

/** Says good-bye. */
export function accountDeleted(): Letter {
  return {
    subject: 'Your account was deleted',
    paragraphs: [
      'Your account and all that was kept about you with it were deleted. What you wrote in documents of others stays there.',
      'If it was not you, tell the administrator of this server.',
    ],
    button: null,
    footer: 'You get this last mail because this address belonged to the account.',
  }
}

/** Where to go afterwards, as part of a link. */
function next(to: string | undefined): string {
  return to ? `?next=${encodeURIComponent(to)}` : ''
}

import type { Problem } from '@realtime/contracts'
import type { Ending } from './generate.ts'

/** What to say of an answer that did not come whole, and what helps. */
export interface Trouble {
  tone: 'info' | 'warning' | 'error'
  text: string
  /** Where to go to mend it. */
  link?: { href: string; label: string }
  /** Whether asking again can help. */
  again: boolean
}

const filtered = 'The model’s safety filter stopped this answer. Say it differently, or ask for something else.'

/** Null for an answer that is complete, or that was stopped on purpose with some text to show. */
export function troubleOf(ending: Ending, hasText: boolean): Trouble | null {
  if (ending.how === 'stopped')
    return hasText ? null : { tone: 'info', text: 'Stopped before the first word.', again: true }
  if (ending.how === 'failed') return ofProblem(ending.problem)
  if (ending.how === 'cut') {
    const text = hasText
      ? 'Cut off: the connection was lost. Try again, or insert what is there.'
      : 'The connection was lost before the first word.'
    return { tone: 'warning', text, again: true }
  }
  switch (ending.finish) {
    case 'stop':
      return null
    case 'length':
      return {
        tone: 'warning',
        text: 'Cut off: the answer reached its greatest length. Insert what is there, or ask for less.',
        again: true,
      }
    case 'empty':
      return {
        tone: 'warning',
        text: 'The model had nothing to say. Try again, or say more of what you want.',
        again: true,
      }
    case 'recitation':
      return {
        tone: 'warning',
        text: 'Stopped: the answer came too close to a text of somebody else. Say it differently.',
        again: true,
      }
    case 'other':
      return { tone: 'warning', text: 'The model stopped early. Try again, or insert what is there.', again: true }
    default:
      return { tone: 'warning', text: filtered, again: true }
  }
}

function ofProblem(problem: Problem): Trouble {
  switch (problem.key) {
    case 'plan-limit':
      return {
        tone: 'warning',
        text: problem.message,
        link: { href: '/settings/billing', label: 'See plans' },
        again: false,
      }
    case 'rate-limited':
      return { tone: 'warning', text: problem.message, again: true }
    case 'ai-unavailable':
      return { tone: 'error', text: problem.message, again: true }
    case 'unauthenticated':
      return { tone: 'error', text: 'You are signed out. Sign in again in another tab, then try again.', again: true }
    case 'not-found':
    case 'forbidden':
      return { tone: 'error', text: 'You have no access to this document any more.', again: false }
    case 'invalid-input':
    case 'payload-too-large':
      return { tone: 'error', text: 'That is too much at once. Select less, or ask in fewer words.', again: false }
    case 'unavailable':
    case 'timeout':
    case 'draining':
      return { tone: 'warning', text: 'The server cannot be reached now. What you asked is kept.', again: true }
    default:
      return { tone: 'error', text: 'The model could not answer. Try again in a moment.', again: true }
  }
}

import { type ProviderState, type SaveKind, saveState } from '@realtime/client'

export interface SaveWords {
  kind: SaveKind
  /** What stands in the header. */
  text: string
  /** The same in few words, where the header is narrow. */
  brief: string
  /** What it means, in a sentence. */
  explanation: string
}

/** The save state in words: never better than it is. */
export function saveWords(state: ProviderState): SaveWords {
  const { kind, count, reason } = saveState(state)
  const changes = count === 1 ? '1 change' : `${count} changes`
  switch (kind) {
    case 'saved':
      return { kind, text: 'Saved', brief: 'Saved', explanation: 'Every change is stored durably on the server.' }
    case 'unread':
      return {
        kind,
        text: 'This device cannot be read',
        brief: 'Cannot read device',
        explanation:
          'What you write now is stored on the server. Whether an earlier visit left unsaved changes on this device is not known: its storage cannot be read. We keep trying.',
      }
    case 'saving':
      return {
        kind,
        text: 'Saving…',
        brief: 'Saving…',
        explanation: 'Your last changes are on their way to the server.',
      }
    case 'offline':
      if (state.persisted && state.problem?.key === 'rate-limited')
        return {
          kind,
          text: `Paused — ${changes} kept on this device`,
          brief: 'Paused',
          explanation: 'The server cannot take so much at once. Your changes are sent in a moment.',
        }
      return state.persisted
        ? {
            kind,
            text: `Offline — ${changes} kept on this device`,
            brief: 'Offline',
            explanation: 'You can go on writing. The changes are sent as soon as the server can be reached again.',
          }
        : {
            kind,
            text: `Offline — ${changes} kept only in this tab`,
            brief: 'Only in this tab',
            explanation: 'This browser does not let us store them: keep this tab open until the server is back.',
          }
    case 'reconnecting':
      return state.everSynced
        ? {
            kind,
            text: 'Reconnecting…',
            brief: 'Reconnecting…',
            explanation: state.loading
              ? 'The connection was lost. You can go on writing.'
              : 'The connection was lost. You can go on writing; nothing is waiting to be saved.',
          }
        : {
            kind,
            text: 'Connecting…',
            brief: 'Connecting…',
            explanation: 'Joining the document. It can be edited in a moment.',
          }
    case 'failed':
      return {
        kind,
        text: `Cannot save: ${sentence(reason ?? 'the server refused it')}`,
        brief: 'Cannot save',
        explanation:
          count === 0
            ? state.loading
              ? 'Whether an earlier visit left unsaved changes on this device is not known yet.'
              : 'Nothing of yours is waiting to be saved.'
            : state.persisted
              ? `${changes} of yours stay on this device.`
              : `${changes} of yours are kept only in this tab.`,
      }
  }
}

/** A reason as the end of a sentence: no capital at its start, no full stop. */
function sentence(reason: string): string {
  const text = reason.replace(/\.$/, '')
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

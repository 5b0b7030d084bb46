import type { ProviderState } from '@realtime/client'
import type { Permission } from '@realtime/contracts'

/** What stands above a document that cannot be edited as usual, and what can be done about it. */
export interface Standing {
  editable: boolean
  banner: { tone: 'info' | 'warning' | 'error'; text: string; action: 'retry' | 'reload' | 'sign-in' | null } | null
}

/** Whether the content can be edited now, and if not, why. */
export function standingOf(state: ProviderState, permission: Permission): Standing {
  const mayWrite = (state.permission ?? permission) === 'write'
  const kept =
    state.pending === 0
      ? ''
      : state.persisted
        ? ' Your unsaved changes stay on this device.'
        : ' Your unsaved changes are kept only in this tab; copy what you need before you leave.'
  if (state.phase === 'refused') return { editable: false, banner: refusal(state, kept) }
  if (state.problem?.key === 'unauthenticated')
    return {
      editable: mayWrite && state.everSynced,
      banner: { tone: 'warning', text: `Your session has ended. Sign in to go on.${kept}`, action: 'sign-in' },
    }
  if (!state.everSynced)
    return {
      editable: false,
      banner:
        state.phase === 'offline'
          ? {
              tone: 'warning',
              text: 'The live connection cannot be made. This is the last saved content, read-only until it can.',
              action: 'retry',
            }
          : null,
    }
  return { editable: mayWrite, banner: null }
}

function refusal(state: ProviderState, kept: string): Standing['banner'] {
  // It is opened anew by itself, unless that goes on without end; what became of the edits stands above.
  if (state.setAside) return { tone: 'info', text: 'Opening the document as it is saved…', action: 'reload' }
  switch (state.problem?.key) {
    case 'epoch-changed':
      return { tone: 'warning', text: `This document was replaced on the server.${kept}`, action: 'reload' }
    case 'protocol-mismatch':
      return {
        tone: 'warning',
        text: `There is a newer version of this app. Reload to go on.${kept}`,
        action: 'reload',
      }
    case 'not-found':
    case 'forbidden':
      return {
        tone: 'error',
        text: `This document was deleted, or you no longer have access to it.${kept}`,
        action: null,
      }
    default: {
      const why = (state.problem?.message ?? 'The server refused the connection').replace(/\.$/, '')
      return { tone: 'error', text: `${why}.${kept}`, action: 'reload' }
    }
  }
}

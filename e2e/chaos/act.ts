import { setTimeout as delay } from 'node:timers/promises'
import { call, documentApi } from '@realtime/contracts'
import type { Person } from '@realtime/platform/person'
import type { Action } from './plan/plan.ts'
import type { Tab } from './tab/tab.ts'
import type { World } from './world/world.ts'

/** Milliseconds that a link goes on suffering when its tab was killed; the tab is back before. */
const STRANDED_MS = 1_000

/** Those who write in some documents. */
export interface Stage {
  world: World
  /** The first one restores versions. */
  people: Person[]
  documents: string[]
  tabs: Tab[]
}

/**
 * Does one action. @returns what it is called in the report, null when there was nothing to do it to; and work that
 * goes on
 */
export function act(
  { world, people, documents, tabs }: Stage,
  action: Action,
): { name: string | null; work?: Promise<void> } {
  const { kind } = action
  switch (kind) {
    case 'edit': {
      const tab = tabs[action.tab]
      tab?.make(action.edit)
      return { name: null }
    }
    case 'kill':
      if (action.part === 'postgres') world.database.kill()
      else world.part(action.part).kill()
      return { name: `kill ${action.part}` }
    case 'pause':
      if (action.part === 'postgres') world.database.pause(action.ms)
      else world.part(action.part).pause(action.ms)
      return { name: `pause ${action.part}` }
    case 'kill-backend':
      return { name: world.database.signalBackend(action.which, 'SIGKILL') ? 'kill backend' : null }
    case 'end-backend':
      return { name: world.database.signalBackend(action.which, 'SIGTERM') ? 'kill connection' : null }
    case 'pause-backend':
      return { name: world.database.pauseBackend(action.which, action.ms) ? 'pause backend' : null }
    case 'fault':
      world.suffer(action.link, action.fault, action.ms)
      return { name: `link ${action.fault}` }
    case 'kill-tab': {
      const open = tabs[action.tab]?.open
      tabs[action.tab]?.kill(action.ms, action.cold)
      return { name: open ? 'kill client' : null }
    }
    case 'strand-tab': {
      // The connection outlives the tab a little: what it sent may arrive after it is back.
      world.suffer(action.tab, action.fault, action.ms + STRANDED_MS)
      const kill = (): void => tabs[action.tab]?.kill(STRANDED_MS / 2, action.cold)
      return { name: 'kill stranded-client', work: delay(action.ms).then(kill) }
    }
    case 'pause-tab':
      tabs[action.tab]?.pause(action.ms)
      return { name: 'pause client' }
    case 'betray-tab':
      tabs[action.tab]?.betray(action.ms, action.cold)
      return { name: null }
    case 'age':
      return { name: 'age', work: world.database.age().catch(() => {}) }
    case 'version':
    case 'restore': {
      const person = people[0]
      const document = documents[action.document]
      if (!person || !document) return { name: null }
      const work = kind === 'version' ? keepVersion(person, document) : restore(person, document, action.which)
      // While parts are down it may fail; nothing is promised then.
      return { name: kind, work: work.catch(() => {}) }
    }
  }
}

async function keepVersion({ caller }: Person, document: string): Promise<void> {
  await call(caller, documentApi.createVersion, { params: { id: document }, body: { name: 'Under fire' } })
}

async function restore({ caller }: Person, document: string, which: number): Promise<void> {
  const { versions } = await call(caller, documentApi.versions, { params: { id: document }, query: {} })
  const version = versions[Math.floor(which * versions.length)]
  if (version) await call(caller, documentApi.restoreVersion, { params: { id: document, version: version.id } })
}

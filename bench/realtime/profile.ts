import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** The part of a V8 CPU profile that is read here. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

/** A function and its own share of the time in which the process was not idle. */
export interface Hot {
  name: string
  share: number
}

/** What starting and ending the profile takes in the process itself. */
const PROFILER = 'dispatch'

/** Where a process spent its time, by function without those it called, most first; idle time does not count. */
export function hottest(profile: CpuProfile, most: number): { busy: number; hot: Hot[] } {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const times = new Map<string, number>()
  let all = 0
  let busy = 0
  profile.samples.forEach((id, index) => {
    const name = names.get(id) ?? '?'
    const time = profile.timeDeltas[index] ?? 0
    if (name === PROFILER) return
    all += time
    if (name === '(idle)') return
    busy += time
    times.set(name, (times.get(name) ?? 0) + time)
  })
  const hot = [...times].map(([name, time]) => ({ name, share: time / busy })).sort((a, b) => b.share - a.share)
  return { busy: busy / all, hot: hot.slice(0, most) }
}

/** The same of a file, as lines for people. */
export function describeProfile(file: string, most = 12): string {
  const { busy, hot } = hottest(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile, most)
  const lines = hot.map(({ name, share }) => `      ${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
  return [`    ${basename(file)}: busy ${(busy * 100).toFixed(0)} %; of that`, ...lines].join('\n')
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)'
  return url === '' ? name : `${name} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`
}

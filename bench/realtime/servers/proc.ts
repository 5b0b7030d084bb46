import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second, whatever its own clock. */
const TICKS_PER_SECOND = 100

interface Stat {
  parent: number
  /** Of the process with all its threads. */
  seconds: number
  /** Of its children that ended. */
  childSeconds: number
}

/** The fields of a line of `/proc/PID/stat`: the name, which may hold anything, ends with the last parenthesis. */
export function parseStat(line: string): Stat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const ticks = (index: number) => Number(fields[index]) / TICKS_PER_SECOND
  return { parent: Number(fields[1]), seconds: ticks(11) + ticks(12), childSeconds: ticks(13) + ticks(14) }
}

function statOf(pid: number): Stat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

/** CPU seconds that a process has used; 0 when it is gone. */
export function cpuOf(pid: number): number {
  return statOf(pid)?.seconds ?? 0
}

/** A process and all below it. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const child = Number(name)
    const stat = Number.isInteger(child) ? statOf(child) : null
    if (stat) parents.set(child, stat.parent)
  }
  const family = [pid]
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child)
  return family
}

/** CPU seconds of a process, all below it, and those of its children that ended. */
export function cpuOfFamily(pid: number): number {
  return familyOf(pid).reduce((sum, member) => {
    const stat = statOf(member)
    return sum + (stat ? stat.seconds + stat.childSeconds : 0)
  }, 0)
}

/** Resident bytes of a process, now and at most since `resetPeak`. */
export function residentOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN)
  return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 }
}

/** Lets the peak of a process begin at what it holds now. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

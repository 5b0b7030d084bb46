import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Tells a process from any other that ever had or will have its pid: machine boot and start time; null when gone. */
export function identityOf(pid: number): string | null {
  if (!isAlive(pid)) return null
  if (process.platform === 'linux') return fromProc(pid)
  if (process.platform === 'win32') return 'alive'
  const { stdout, status } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const text = stdout.trim()
  return status !== 0 || text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '')
}

/** Whether this very process still runs. */
export function isSame(pid: number, identity: string | null): boolean {
  return identity !== null && identityOf(pid) === identity
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function fromProc(pid: number): string | null {
  try {
    // The command name is in parentheses and may hold anything; the fields after it are counted from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie is gone, only not buried: in a container nobody may ever do that.
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${fields[19]}`
  } catch {
    return null
  }
}

import { spawnSync } from 'node:child_process'
import { chownSync, readFileSync, statSync } from 'node:fs'
import { type Binaries, program } from './binaries.ts'
import { PostgresFailed } from './failure.ts'

/** As whom PostgreSQL runs. It refuses to run as root. */
export type Identity = {
  kind: 'self' | 'namespace' | 'user'
  /** Who must own the data folder; null: whoever owns it now. */
  owner: { uid: number; gid: number } | null
  /** For the log line. */
  words: string
  /** The command line and spawn options that run a program as this identity. */
  command(file: string, args: string[]): { file: string; args: string[]; options: { uid?: number; gid?: number } }
}

export type IdentityKind = Identity['kind']

/** The identities to try, best first. As root: a user namespace, else another user of the machine. */
export function identities(): Identity[] {
  const plain = { kind: 'self' as const, owner: null, words: '', command: direct }
  if (process.getuid?.() !== 0) return [plain]
  const user = unprivilegedUser()
  const mapping = ['--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`]
  return [
    {
      kind: 'namespace',
      owner: { uid: 0, gid: 0 },
      words: 'in a user namespace, because it refuses to run as root',
      command: (file, args) => ({ file: 'unshare', args: [...mapping, '--', file, ...args], options: {} }),
    },
    {
      kind: 'user',
      owner: user,
      words: `as user ${user.name}, because it refuses to run as root`,
      command: (file, args) => ({ file, args, options: { uid: user.uid, gid: user.gid } }),
    },
  ]
}

/** Whether this identity can run the programs and write in `folder` (which it is made the owner of). */
export function canRun(identity: Identity, binaries: Binaries, folder: string): boolean {
  try {
    if (identity.owner) chownSync(folder, identity.owner.uid, identity.owner.gid)
  } catch {
    // A file system that knows no owners, or one that another machine guards.
    return false
  }
  if (process.platform === 'win32') return true
  const check = 'test -w "$0" && cd "$0" && "$1" --version'
  const { file, args, options } = identity.command('/bin/sh', ['-c', check, folder, program(binaries, 'postgres')])
  return spawnSync(file, args, { ...options, stdio: 'ignore' }).status === 0
}

/** Gives `folder` and all in it to the identity, when it belongs to someone else. */
export function own(identity: Identity, folder: string): void {
  if (!identity.owner) return
  const { uid, gid } = identity.owner
  if (statSync(folder).uid === uid) return
  const { status, stderr } = spawnSync('chown', ['-R', '-h', `${uid}:${gid}`, folder], { encoding: 'utf8' })
  if (status !== 0)
    throw new PostgresFailed(`The data folder ${folder} cannot be given to PostgreSQL: ${stderr.trim()}`)
}

function direct(file: string, args: string[]) {
  return { file, args, options: {} }
}

/** initdb looks its user up in /etc/passwd, so it must be one that is there. */
function unprivilegedUser(): { name: string; uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid > 0)
  const user = users.find(({ name }) => name === 'nobody') ?? users[0]
  if (!user) throw new PostgresFailed('PostgreSQL refuses to run as root, and /etc/passwd has no other user: add one.')
  return user
}

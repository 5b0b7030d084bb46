import { authInternal, type BodyOf, type Caller, call, type Person, Problem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'

/** A mail as auth sends it. */
export type Mail = BodyOf<typeof authInternal.sendMail>

/** What this service asks of auth: names, passes for those who are invited, and mails. */
export interface People {
  /**
   * People by id, a few seconds old at most; unknown ids are left out. While auth is away, what was known is given.
   * @throws Problem `unavailable` when auth is away and somebody was never asked for
   */
  find(ids: string[]): Promise<Map<string, Person>>
  /** Names by id, as `find` and without a picture for each, so for as many people as there are. @throws Problem as `find` */
  names(ids: string[]): Promise<Map<string, string>>
  /** One person as auth knows them this moment; null for nobody. @throws Problem `unavailable` */
  now(id: string): Promise<Person | null>
  /** Forgets what was known of a person. */
  forget(id: string): void
  /** Lets whoever holds the token with this hash sign up until `expiresAt`. */
  admit(hash: string, expiresAt: Date, uses: number | null): Promise<void>
  /** Takes that back. */
  dismiss(hash: string): Promise<void>
  /** Sends a mail; answers whether it went out. It never fails: whoever asks has another way. */
  mail(mail: Mail): Promise<boolean>
}

const FRESH_MS = 5_000
const MOST_KEPT = 20_000
const MOST_ASKED = 500

/** Asks auth, with names kept for seconds. */
export function askPeople(caller: Caller, log: Log): People {
  const whole = keeping((ids) => askFor(caller, ids, true))
  const named = keeping((ids) => askFor(caller, ids, false))
  return {
    find: (ids) => whole.find(ids),
    async names(ids) {
      const people = await named.find(ids)
      return new Map([...people].map(([id, { name }]) => [id, name]))
    },
    async now(id) {
      await whole.ask([id])
      return whole.kept.get(id)?.person ?? null
    },
    forget(id) {
      whole.kept.delete(id)
      named.kept.delete(id)
    },
    async mail(mail) {
      try {
        return (await call(caller, authInternal.sendMail, { body: mail })).sent
      } catch (err) {
        log.warn({ err }, 'a mail was not sent')
        return false
      }
    },
    async admit(hash, expiresAt, uses) {
      const body = { expiresAt: expiresAt.toISOString(), uses }
      await asking(call(caller, authInternal.putSignUpPass, { params: { hash }, body }))
    },
    async dismiss(hash) {
      await asking(call(caller, authInternal.deleteSignUpPass, { params: { hash } }))
    },
  }
}

async function askFor(caller: Caller, ids: string[], images: boolean): Promise<Person[]> {
  return (await asking(call(caller, authInternal.people, { body: { ids, images } }))).people
}

/** People as `question` answers them, kept for seconds. */
function keeping(question: (ids: string[]) => Promise<Person[]>) {
  const kept = new Map<string, { person: Person; at: number }>()
  const ask = async (ids: string[]): Promise<void> => {
    const people = await question(ids)
    if (kept.size + people.length > MOST_KEPT) kept.clear()
    for (const id of ids) kept.delete(id)
    for (const person of people) kept.set(person.id, { person, at: performance.now() })
  }
  const find = async (ids: string[]): Promise<Map<string, Person>> => {
    const wanted = [...new Set(ids)]
    const now = performance.now()
    const known = new Map(wanted.flatMap((id) => (kept.has(id) ? [[id, kept.get(id)?.person as Person]] : [])))
    const stale = new Set(wanted.filter((id) => now - (kept.get(id)?.at ?? Number.NEGATIVE_INFINITY) > FRESH_MS))
    const asked = [...stale]
    try {
      for (let at = 0; at < asked.length; at += MOST_ASKED) await ask(asked.slice(at, at + MOST_ASKED))
    } catch (error) {
      if (wanted.some((id) => !known.has(id))) throw error
      return known
    }
    for (const id of wanted) {
      const entry = kept.get(id)
      if (entry) known.set(id, entry.person)
      else if (stale.has(id)) known.delete(id)
    }
    return known
  }
  return { kept, ask, find }
}

/** A refusal of auth towards this service is no fault of the person who asked this service. */
async function asking<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof Problem && cause.status < 500) {
      throw new Problem('upstream-failed', undefined, { cause, extra: { upstream: 'auth' } })
    }
    throw cause
  }
}

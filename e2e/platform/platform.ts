/** The parts that a test may kill. */
export type PartName = 'auth' | 'organization' | 'document' | 'collaboration' | 'gateway' | 'web' | 'ai' | 'postgres'

/** A whole platform under test, however it was started. */
export interface Platform {
  /** How it was started, for test titles. */
  mode: 'npm start' | 'separate processes'
  url: string
  /** The one-time link that creates the administrator. */
  setupLink: string
  /** Kills a part with SIGKILL; whoever supervises brings it back. */
  kill(part: PartName): Promise<void>
  /** Kills the supervisor itself with SIGKILL and starts another on the same data; null where there is none. */
  killSupervisor: (() => Promise<void>) | null
  /** Stops everything in order and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Whether every part answers behind the gateway. */
export async function healthy(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health`)
  const { status } = (await response.json()) as { status: string }
  return status === 'ok'
}

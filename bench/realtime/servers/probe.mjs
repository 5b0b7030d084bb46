// Loaded into every server that is measured, ours and the peers' alike: answers over the IPC channel what only the
// process itself knows, and takes its profile.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const RESOLUTION_MS = 5
const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
loop.enable()
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
let session = null

const answers = {
  /** Starts counting the delay of the loop anew. */
  reset() {
    loop.reset()
    return null
  },
  /** Milliseconds by which the loop was late. */
  loop() {
    const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
    return { p99: late(loop.percentile(99)), max: late(loop.max) }
  },
  /** Bytes in use after everything that can go has gone. */
  async memory() {
    for (let round = 0; round < 3; round++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    const { heapUsed, external } = process.memoryUsage()
    return { heapUsed, external }
  },
  async startProfile() {
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 500 })
    await session.post('Profiler.start')
    return null
  },
  async stopProfile(file) {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    writeFileSync(file, JSON.stringify(profile))
    return null
  },
}

process.on('message', async ({ probe, id, input }) => {
  if (probe === undefined) return
  process.send({ probe, id, answer: await answers[probe](input) })
})
// The channel is there for questions, not to keep a process alive whose work is done.
process.channel?.unref()

import { spawn } from 'node:child_process'
import { aiCommand, aiDirectory } from './supervisor/python.ts'

/** Runs the web or the AI service in the foreground on environment variables alone, as a container does. */
export async function runForeign(name: 'web' | 'ai'): Promise<void> {
  if (name === 'web') {
    process.argv = [process.execPath, 'web.mjs']
    await import(new URL('./web.mjs', import.meta.url).href)
    return
  }
  const command = aiCommand()
  if (!command) {
    console.error('The Python environment of the AI service is missing: run `npm run doctor`.')
    process.exitCode = 69
    return
  }
  // Its standard input closes with us, however we end, and then it ends too.
  const env = { ...process.env, PARENT_PIPE: '1' }
  const child = spawn(command.file, command.args, { cwd: aiDirectory, env, stdio: ['pipe', 'inherit', 'inherit'] })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

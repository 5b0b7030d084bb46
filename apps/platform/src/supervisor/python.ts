import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './root.ts'

/** The folder of the AI service. */
export const aiDirectory = join(root, 'services/ai')

/** How to run the AI service; null where no Python environment was made, or `AI_PYTHON` (another interpreter) is `off`. */
export function aiCommand(): { file: string; args: string[] } | null {
  const given = process.env.AI_PYTHON
  if (given === 'off') return null
  const windows = delimiter === ';'
  const file = given || join(aiDirectory, windows ? '.venv/Scripts/python.exe' : '.venv/bin/python')
  if (!given && (!existsSync(file) || !existsSync(join(aiDirectory, '.venv/.complete')))) return null
  return { file, args: ['-u', '-m', 'ai'] }
}

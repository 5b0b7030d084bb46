import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A page as an office program shows it. */
export interface OfficePage {
  /** In points, whole ones. */
  size: [width: number, height: number]
  text: string
  /** The colour at a logical pixel of the stage, as `#rrggbb`. */
  colorAt(x: number, y: number): string
}

/** Runs a program of the tests. @throws with what to install when it is missing */
async function tool(command: string, args: string[]): Promise<string> {
  try {
    return (await execute(command, args, { timeout: 120_000, maxBuffer: 64 * 1024 * 1024 })).stdout
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT')
      throw new Error(`${command} is missing: \`npm test\` installs LibreOffice and poppler, or says how to.`)
    throw error
  }
}

/** Opens presentations in LibreOffice, all in one run. @returns the pages of each */
export async function openInOffice(files: Record<string, Uint8Array>): Promise<Record<string, OfficePage[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-office-'))
  try {
    const names = Object.keys(files)
    for (const name of names) await writeFile(join(folder, `${name}.pptx`), files[name] as Uint8Array)
    // A profile of its own: another LibreOffice of the same person would take the files over.
    const profile = `-env:UserInstallation=file://${folder}/profile`
    const sources = names.map((name) => join(folder, `${name}.pptx`))
    await tool(process.env.OFFICE_PATH || 'soffice', [
      profile,
      '--headless',
      '--convert-to',
      'pdf',
      '--outdir',
      folder,
      ...sources,
    ])
    const pages: Record<string, OfficePage[]> = {}
    for (const name of names) pages[name] = await pagesOf(join(folder, `${name}.pdf`))
    return pages
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function pagesOf(pdf: string): Promise<OfficePage[]> {
  const about = await tool('pdfinfo', [pdf])
  const count = Number(/^Pages:\s+(\d+)$/m.exec(about)?.[1])
  const size = /^Page size:\s+([\d.]+) x ([\d.]+) pts/m.exec(about)
  await tool('pdftoppm', ['-scale-to-x', '960', '-scale-to-y', '540', pdf, pdf])
  const text = (await tool('pdftotext', ['-layout', pdf, '-'])).split('\f')
  const digits = String(count).length
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const image = await readFile(`${pdf}-${String(index + 1).padStart(digits, '0')}.ppm`)
      const points: OfficePage['size'] = [Math.round(Number(size?.[1])), Math.round(Number(size?.[2]))]
      return { size: points, text: text[index] ?? '', colorAt: readPpm(image) }
    }),
  )
}

/** Reads a binary portable pixmap, 8 bits a colour. @returns the colour at a pixel */
function readPpm(bytes: Buffer): OfficePage['colorAt'] {
  const head = /^P6\s+(\d+)\s+\d+\s+255\s/.exec(bytes.subarray(0, 64).toString('latin1'))
  if (!head) throw new Error('not a pixmap')
  const width = Number(head[1])
  return (x, y) => {
    const at = head[0].length + (Math.round(y) * width + Math.round(x)) * 3
    return `#${bytes.subarray(at, at + 3).toString('hex')}`
  }
}

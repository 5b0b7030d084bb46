import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { dice } from '../plan/dice.ts'
import { type Edit, throwEdit } from '../plan/edits.ts'
import { contentOf, tokenText } from '../tab/content.ts'
import { createHand } from '../tab/hand.ts'
import { type Note, openNotes, readNotes } from '../tab/notes.ts'
import { enter, type Ledger } from './ledger.ts'
import { fingerprint, observe } from './observed.ts'
import { judge } from './verdict.ts'

let notes: Note[]
let doc: Y.Doc
beforeEach(() => {
  notes = [{ life: 1 }]
  doc = new Y.Doc()
})

/** A tab that makes edits, and is told of the last that all are saved. */
function tab(edits: Edit[], name = '0.1'): Note[] {
  const own: Note[] = [{ life: 1 }]
  const hand = createHand(doc, name, (note) => void own.push(note))
  for (const edit of edits) hand.make(edit)
  own.push({ saved: hand.last })
  return own
}

function verdict(...tabs: Note[][]): string[] {
  const ledger: Ledger = new Map()
  for (const [number, each] of (tabs.length > 0 ? tabs : [notes]).entries()) enter(ledger, number, each)
  return judge(ledger, observe(doc)).map(({ kind, text }) => `${kind}: ${text}`)
}

const insert: Edit = { kind: 'insert', where: 0.5 }

describe('the oracle', () => {
  test('finds nothing wrong with any edits that all arrive', () => {
    for (let seed = 0; seed < 20; seed++) {
      const chance = dice(seed)
      doc = new Y.Doc()
      const both = ['0.1', '1.1'].map((name) =>
        tab(
          Array.from({ length: 150 }, () => throwEdit(chance, 900)),
          name,
        ),
      )
      expect(verdict(...both), `seed ${seed}`).toEqual([])
    }
  })

  test('finds a saved edit that was lost, and one that was only kept', () => {
    notes = tab([insert, insert, { kind: 'set' }, { kind: 'create' }, { kind: 'move', which: 0 }])
    const { text, keys, board } = contentOf(doc)
    text.delete(0, tokenText('0.1.1', 0).length)
    keys.delete('0.1')
    board.get('0.1.4')?.set('place', '4')
    const first = text.toString().includes('0.1.1') ? '0.1.2' : '0.1.1'
    expect(verdict()).toEqual([
      `lost: token ${first} should read 0 (saved; tab 0, life 1), and is gone`,
      'lost: key 0.1 should read 3 (saved; tab 0, life 1), and is gone',
      'lost: element 0.1.4 should read 5 (saved; tab 0, life 1), and reads 4',
    ])
    notes = [...notes.filter((note) => !('saved' in note)), { kept: 3 }]
    expect(verdict()).toEqual(['lost: key 0.1 should read 3 (kept; tab 0, life 1), and is gone'])
  })

  test('asks for nothing that was neither kept nor saved when the tab was killed', () => {
    notes = tab([insert, { kind: 'set' }]).filter((note) => !('saved' in note))
    doc = new Y.Doc()
    expect(verdict()).toEqual([])
    expect(verdict([...notes, { life: 2 }, { saved: 9 }])).toEqual([])
    expect(verdict([...notes, { persisted: 2 }])).toHaveLength(2)
  })

  test('counts as acknowledged what an earlier life kept, once a later one says that all is saved', () => {
    notes = tab([insert, insert]).filter((note) => !('saved' in note))
    const counted = (...more: Note[]) => enter(new Map(), 0, [...notes, ...more])
    expect(counted({ kept: 1 })).toEqual({ made: 2, acknowledged: 0 })
    expect(counted({ kept: 1 }, { life: 2 }, { saved: 1 })).toEqual({ made: 2, acknowledged: 1 })
  })

  test('finds what is there twice, also after its deletion', () => {
    notes = tab([insert, insert, { kind: 'delete', which: 0 }])
    contentOf(doc).text.insert(0, tokenText('0.1.2', 0))
    contentOf(doc).text.insert(0, tokenText('0.1.1', 0))
    expect(verdict()).toEqual([
      'doubled: token 0.1.2 is there 2 times',
      'lost: token 0.1.1 should read gone (saved; tab 0, life 1), and reads 0',
    ])
  })

  test('finds what nobody wrote, and what was torn', () => {
    notes = tab([insert, { kind: 'paste', where: 1, size: 50 }, { kind: 'contend', key: 1 }])
    const { text, keys, board, scratch } = contentOf(doc)
    text.insert(0, `x${tokenText('9.9.9', 0)}`)
    text.delete(text.toString().indexOf(':') + 3, 1)
    keys.set('contended 1', 'mine')
    board.set('9.9.9', new Y.Map([['place', '1']]))
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText('9.9.9')])
    scratch.insert(0, [paragraph])
    expect(verdict()).toEqual([
      'stray: the token 0.1.2 is torn',
      'stray: text between tokens: x',
      'stray: token 9.9.9 was written by nobody',
      'stray: element 9.9.9 was written by nobody',
      'stray: scratch 9.9.9 was written by nobody',
      'lost: token 0.1.2 should read 50 (saved; tab 0, life 1), and is gone',
      'stray: contended 1 reads mine, which nobody wrote',
    ])
  })

  test('finds a replica that waits for what never came', () => {
    const whole = new Y.Doc()
    const updates: Uint8Array[] = []
    whole.on('update', (update: Uint8Array) => void updates.push(update))
    contentOf(whole).keys.set('a', '1')
    contentOf(whole).keys.set('a', '2')
    Y.applyUpdate(doc, updates[1] as Uint8Array)
    expect(verdict()).toEqual(['pending: the replica holds updates that lack something before them'])
    expect(fingerprint(doc)).toMatch(/-pending$/)
  })

  test('tells replicas apart by what they hold, by what is deleted, and by looks', () => {
    tab([insert, insert])
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    expect(fingerprint(other)).toBe(fingerprint(doc))
    contentOf(other).text.format(0, 3, { bold: true })
    expect(fingerprint(other)).not.toBe(fingerprint(doc))
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    expect(fingerprint(other)).toBe(fingerprint(doc))
    contentOf(doc).text.delete(0, 1)
    expect(fingerprint(other)).not.toBe(fingerprint(doc))
  })
})

describe('notes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('are read back, without a line that a kill cut off', () => {
    const file = join(folder, 'notes')
    openNotes(file)({ life: 1 })
    writeFileSync(file, '{"made": 1, "sub', { flag: 'a' })
    openNotes(file)({ life: 2 })
    expect(readNotes(file)).toEqual([{ life: 1 }, { life: 2 }])
  })
})

import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it } from 'vitest'
import { aDocument } from './fixtures.testing.ts'
import { changeShown, documentsOf, hide, type Pages, put, showAgain, shownOf, withPlaced } from './lists.ts'
import { branchKey, documentQuery, favouritesQuery } from './queries.ts'

function pages(...lists: string[][]): Pages {
  return {
    pages: lists.map((ids, index) => ({
      documents: ids.map((id) => aDocument(id)),
      more: index < lists.length - 1,
    })),
    pageParams: lists.map((_, index) => String(index)),
  }
}

const idsOf = (one: Pages | undefined) => documentsOf(one)?.map(({ id }) => id)

describe('placing a document in the pages of a branch', () => {
  const x = aDocument('x')
  it('puts it first, behind a sibling, or last', () => {
    expect(idsOf(withPlaced(pages(['a', 'b'], ['c']), x, null))).toEqual(['x', 'a', 'b', 'c'])
    expect(idsOf(withPlaced(pages(['a', 'b'], ['c']), x, 'b'))).toEqual(['a', 'b', 'x', 'c'])
    expect(idsOf(withPlaced(pages(['a', 'b'], ['c']), x, undefined))).toEqual(['a', 'b', 'c', 'x'])
  })
  it('moves it within the branch without doubling it', () => {
    expect(idsOf(withPlaced(pages(['x', 'a', 'b']), x, 'a'))).toEqual(['a', 'x', 'b'])
  })
  it('does not show it where its place was not fetched', () => {
    const cut = pages(['a', 'b'])
    const more = { ...cut, pages: cut.pages.map((page) => ({ ...page, more: true })) }
    expect(idsOf(withPlaced(more, x, undefined))).toEqual(['a', 'b'])
    expect(idsOf(withPlaced(more, x, 'unknown'))).toEqual(['a', 'b'])
  })
})

describe('what is shown of the tree', () => {
  let client: QueryClient
  const top = branchKey('o1', { projectId: 'p1', parentId: null })
  const below = branchKey('o1', { projectId: 'p1', parentId: 'a' })
  const shown = (key: readonly unknown[]) => client.getQueryData<Pages>(key)

  beforeEach(() => {
    client = new QueryClient()
    client.setQueryData(top, pages(['a', 'b']))
    client.setQueryData(documentQuery('b').queryKey, aDocument('b'))
    client.setQueryData(favouritesQuery('o1').queryKey, [aDocument('b')])
  })

  it('changes a document in every list, and no other organization’s', () => {
    client.setQueryData(branchKey('o2', { projectId: 'p9', parentId: null }), pages(['b']))
    changeShown(client, aDocument('b'), { title: 'New' })
    expect(documentsOf(shown(top))?.map(({ title }) => title)).toEqual(['Title of a', 'New'])
    expect(client.getQueryData(documentQuery('b').queryKey)?.title).toBe('New')
    expect(client.getQueryData(favouritesQuery('o1').queryKey)?.[0]?.title).toBe('New')
    expect(documentsOf(shown(branchKey('o2', { projectId: 'p9', parentId: null })))?.[0]?.title).toBe('Title of b')
  })

  it('moves a document below another, which can be opened then, and back', () => {
    client.setQueryData(below, { pages: [{ documents: [], more: false }], pageParams: [''] })
    put(client, aDocument('b'), { projectId: 'p1', parentId: 'a' }, undefined)
    expect(idsOf(shown(top))).toEqual(['a'])
    expect(idsOf(shown(below))).toEqual(['b'])
    expect(documentsOf(shown(top))?.[0]?.hasChildren).toBe(true)
    expect(client.getQueryData(documentQuery('b').queryKey)?.parentId).toBe('a')
    put(client, aDocument('b', { parentId: 'a' }), { projectId: 'p1', parentId: null }, null)
    expect(idsOf(shown(top))).toEqual(['b', 'a'])
    expect(documentsOf(shown(top))?.[1]?.hasChildren).toBe(false)
  })

  it('is as it was after a change that was taken back', () => {
    const before = shownOf(client, 'o1')
    hide(client, aDocument('b'))
    expect(idsOf(shown(top))).toEqual(['a'])
    expect(client.getQueryData(favouritesQuery('o1').queryKey)).toEqual([])
    showAgain(client, before)
    expect(idsOf(shown(top))).toEqual(['a', 'b'])
    expect(client.getQueryData(favouritesQuery('o1').queryKey)).toHaveLength(1)
  })
})

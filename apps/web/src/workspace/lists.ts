import type { Resource } from '@realtime/contracts'
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query'
import { type Branch, branchKey, documentQuery, listsKey } from './queries.ts'

/** The pages of a branch that were fetched. */
export type Pages = InfiniteData<{ documents: Resource[]; more: boolean }, unknown>
/** A list of documents as it is kept. */
export type List = Pages | Resource[]

/** Does the same to every page of a list. */
function eachPage<T extends List | undefined>(list: T, change: (documents: Resource[]) => Resource[]): T {
  if (!list) return list
  if (Array.isArray(list)) return change(list) as T
  return { ...list, pages: list.pages.map((page) => ({ ...page, documents: change(page.documents) })) } as T
}

/** A list in which a document has changed. */
export function withChanged<T extends List | undefined>(list: T, id: string, change: Partial<Resource>): T {
  return eachPage(list, (documents) => documents.map((one) => (one.id === id ? { ...one, ...change } : one)))
}

/** A list without a document. */
export function without<T extends List | undefined>(list: T, id: string): T {
  return eachPage(list, (documents) => documents.filter((one) => one.id !== id))
}

/**
 * The pages with a document behind another one: first for null, last when it is left out. Behind one that was not
 * fetched, or behind the end of what was, it is not seen yet.
 */
export function withPlaced(pages: Pages, document: Resource, after: string | null | undefined): Pages {
  const clean = without(pages, document.id)
  const [first, ...others] = clean.pages
  if (!first) return clean
  if (after === null) return { ...clean, pages: [{ ...first, documents: [document, ...first.documents] }, ...others] }
  if (after === undefined) {
    const last = clean.pages.at(-1)
    if (!last || last.more) return clean
    return { ...clean, pages: [...clean.pages.slice(0, -1), { ...last, documents: [...last.documents, document] }] }
  }
  return eachPage(clean, (documents) => {
    const at = documents.findIndex((one) => one.id === after)
    return at < 0 ? documents : [...documents.slice(0, at + 1), document, ...documents.slice(at + 1)]
  })
}

/** All that was fetched of a branch; undefined before anything was. */
export function documentsOf(pages: Pages | undefined): Resource[] | undefined {
  return pages?.pages.flatMap((page) => page.documents)
}

/** Changes a document wherever it is shown. */
export function changeShown(
  client: QueryClient,
  document: Pick<Resource, 'id' | 'organizationId'>,
  change: Partial<Resource>,
): void {
  client.setQueriesData<List>({ queryKey: listsKey(document.organizationId) }, (list) =>
    withChanged(list, document.id, change),
  )
  client.setQueriesData<Resource[]>({ queryKey: ['path'] }, (list) => withChanged(list, document.id, change))
  client.setQueryData(documentQuery(document.id).queryKey, (one) => (one ? { ...one, ...change } : one))
}

/** Takes a document out of every list that shows it. */
export function hide(client: QueryClient, document: Resource): void {
  client.setQueriesData<List>({ queryKey: listsKey(document.organizationId) }, (list) => without(list, document.id))
  forgetEmptied(client, document)
}

/** Puts a document into a place, behind a sibling (see `withPlaced`), and out of where it was. */
export function put(client: QueryClient, document: Resource, to: Branch, after: string | null | undefined): void {
  const moved = { ...document, ...to }
  const { organizationId } = document
  const branches = { queryKey: [...listsKey(organizationId), 'branch'] }
  client.setQueriesData<Pages>(branches, (pages) => without(pages, document.id))
  client.setQueryData<Pages>(branchKey(organizationId, to), (pages) =>
    pages ? withPlaced(pages, moved, after) : pages,
  )
  changeShown(client, document, to)
  if (document.parentId !== to.parentId) forgetEmptied(client, document)
  if (to.parentId !== null) changeShown(client, { id: to.parentId, organizationId }, { hasChildren: true })
}

/** A document below which nothing is left can no longer be opened in the tree. */
function forgetEmptied(client: QueryClient, { organizationId, projectId, parentId }: Resource): void {
  if (parentId === null) return
  const left = client.getQueryData<Pages>(branchKey(organizationId, { projectId, parentId }))
  if (left && documentsOf(left)?.length === 0 && !left.pages.at(-1)?.more)
    changeShown(client, { id: parentId, organizationId }, { hasChildren: false })
}

/** Everything that is shown of an organization's documents, to be put back. */
export type Shown = [QueryKey, unknown][]

export function shownOf(client: QueryClient, organization: string): Shown {
  return [
    ...client.getQueriesData({ queryKey: listsKey(organization) }),
    ...client.getQueriesData({ queryKey: ['projects', organization] }),
    ...client.getQueriesData({ queryKey: ['trash', organization] }),
    ...client.getQueriesData({ queryKey: ['document'] }),
    ...client.getQueriesData({ queryKey: ['path'] }),
  ]
}

export function showAgain(client: QueryClient, shown: Shown): void {
  for (const [key, data] of shown) client.setQueryData(key, data)
}

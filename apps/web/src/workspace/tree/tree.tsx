'use client'
import type { Project, Resource } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { useParams, usePathname, useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { MenuAnchor } from '../../ui/menu.tsx'
import { useDeleteDocument } from '../changes.ts'
import { documentQuery, pathQuery } from '../queries.ts'
import { useExpanded } from './expanded.ts'
import { keyOf, type TreeNode } from './nodes.ts'
import { ProjectItem } from './project-item.tsx'
import { TreeContext, type TreeDialog } from './tree-context.ts'
import { TreeDialogs } from './tree-dialogs.tsx'
import { type OpenedMenu, TreeMenu } from './tree-menu.tsx'
import { focusItem, keepReachable } from './use-item-keys.ts'

/** So many projects are open until somebody closes them. */
const OPEN_AT_FIRST = 5

interface TreeProps {
  organization: string
  projects: Project[]
}

/** Projects and their documents, each branch fetched as it is opened. */
export function Tree({ organization, projects }: TreeProps) {
  const tree = useRef<HTMLUListElement>(null)
  const router = useRouter()
  const pathname = usePathname()
  const expanded = useExpanded(organization)
  const [renaming, setRenaming] = useState<string | null>(null)
  const [menu, setMenu] = useState<OpenedMenu | null>(null)
  const [dialog, setDialog] = useState<{ node: TreeNode; dialog: TreeDialog } | null>(null)
  const { mutate: remove } = useDeleteDocument()
  /** Whether what was chosen in the menu takes the focus itself. */
  const passedOn = useRef(false)
  useReveal(organization, projects, expanded)

  // After every change of what is in sight, also of branches that fetched more.
  useEffect(() => {
    const element = tree.current
    if (!element) return
    keepReachable(element)
    const observer = new MutationObserver(() => keepReachable(element))
    observer.observe(element, { childList: true, subtree: true })
    return () => observer.disconnect()
  }, [])

  const menuOf = menu?.open ? menu.node : null
  const value = useMemo(
    () => ({
      expanded,
      renaming,
      rename(key: string | null) {
        passedOn.current = key !== null
        setRenaming(key)
      },
      openMenu(node: TreeNode, which: 'options' | 'create', anchor: MenuAnchor) {
        passedOn.current = false
        setMenu({ node, which, anchor, open: true })
      },
      menuOf,
      trash(document: Resource) {
        remove(document)
        if (pathname === `/d/${document.id}`) router.push('/home')
      },
      openDialog(node: TreeNode, which: TreeDialog) {
        passedOn.current = true
        setDialog({ node, dialog: which })
      },
    }),
    [expanded, renaming, menuOf, remove, pathname, router],
  )

  /** The item of a node, to give the focus back to. */
  function itemOf(node: TreeNode): HTMLElement | null {
    const rows = tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]') ?? []
    return [...rows].find((item) => item.dataset.node === keyOf(node)) ?? null
  }

  return (
    <TreeContext value={value}>
      <ul
        ref={tree}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a tree is made of nested lists
        role="tree"
        aria-label="Projects"
        onFocus={(event) => {
          const item = (event.target as HTMLElement).closest<HTMLElement>('[role=treeitem]')
          if (item && tree.current) keepReachable(tree.current, item)
        }}
      >
        {projects.map((project, index) => (
          <ProjectItem
            key={project.id}
            project={project}
            previous={projects[index - 1]?.id ?? null}
            openByDefault={index < OPEN_AT_FIRST}
          />
        ))}
      </ul>
      <TreeMenu
        menu={menu}
        projects={projects}
        onClose={() => setMenu((last) => last && { ...last, open: false })}
        finalFocus={() => {
          if (passedOn.current || !menu) return null
          const item = itemOf(menu.node)
          if (item) focusItem(item)
          return null
        }}
      />
      <TreeDialogs
        shown={dialog}
        onClose={() => {
          const item = dialog && itemOf(dialog.node)
          setDialog(null)
          if (item) focusItem(item)
        }}
      />
    </TreeContext>
  )
}

/** Opens what lies above the document on the page, once for each. */
function useReveal(organization: string, projects: Project[], expanded: ReturnType<typeof useExpanded>): void {
  const { id } = useParams<{ id?: string }>()
  const shown = useQuery({ ...documentQuery(id ?? ''), enabled: id !== undefined })
  const document = shown.data?.organizationId === organization ? shown.data : undefined
  const path = useQuery({ ...pathQuery(id ?? ''), enabled: Boolean(document?.parentId) })
  const done = useRef<string | null>(null)
  const above = document && (document.parentId ? path.data?.map((one) => one.id) : [])
  useEffect(() => {
    if (!document || !above) return
    const place = `${document.id} ${document.projectId} ${document.parentId}`
    if (done.current === place || !projects.some((project) => project.id === document.projectId)) return
    done.current = place
    expanded.set([document.projectId, ...above], true)
  }, [document, above, projects, expanded])
}

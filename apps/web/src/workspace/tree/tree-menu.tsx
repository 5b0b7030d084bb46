'use client'
import { atLeastLevel, type Project, type Resource } from '@realtime/contracts'
import {
  ArrowDown,
  ArrowUp,
  Copy,
  FolderInput,
  Link2,
  Pencil,
  Plus,
  SmilePlus,
  Star,
  StarOff,
  Trash2,
  UserPlus,
} from 'lucide-react'
import { type MenuAnchor, MenuAt, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { useDuplicate } from '../changes.ts'
import { copyAddress } from '../copy-address.ts'
import { CreateItems } from '../create.tsx'
import { useFavourite } from '../favourites.ts'
import { useMoveProject } from '../project-changes.ts'
import { mayEdit, type TreeNode, titleOf } from './nodes.ts'
import { useTree } from './tree-context.ts'

export interface OpenedMenu {
  node: TreeNode
  which: 'options' | 'create'
  anchor: MenuAnchor
  /** False while it fades. */
  open: boolean
}

interface TreeMenuProps {
  menu: OpenedMenu | null
  projects: Project[]
  onClose(): void
  finalFocus(): HTMLElement | null
}

/** What can be done with a node of the tree, or made in it. */
export function TreeMenu({ menu, projects, onClose, finalFocus }: TreeMenuProps) {
  const node = menu?.node
  return (
    <MenuAt
      open={menu?.open ?? false}
      anchor={menu?.anchor ?? null}
      onClose={onClose}
      finalFocus={finalFocus}
      label={node ? `Options of ${titleOf(node)}` : 'Options'}
    >
      {!menu ? null : menu.which === 'create' ? (
        <CreateIn node={menu.node} />
      ) : menu.node.type === 'project' ? (
        <ProjectOptions project={menu.node.project} projects={projects} anchor={menu.anchor} />
      ) : (
        <DocumentOptions document={menu.node.document} anchor={menu.anchor} />
      )}
    </MenuAt>
  )
}

function CreateIn({ node }: { node: TreeNode }) {
  const { expanded } = useTree()
  return node.type === 'project' ? (
    <CreateItems projectId={node.project.id} onCreate={() => expanded.set([node.project.id], true)} />
  ) : (
    <CreateItems
      projectId={node.document.projectId}
      parentId={node.document.id}
      onCreate={() => expanded.set([node.document.id], true)}
    />
  )
}

function DocumentOptions({ document, anchor }: { document: Resource; anchor: MenuAnchor }) {
  const { rename, openDialog, openMenu, trash } = useTree()
  const favourite = useFavourite()
  const duplicate = useDuplicate()
  const node = { type: 'document', document } as const
  const edits = mayEdit(node)
  return (
    <>
      <MenuItem onClick={() => favourite.mutate({ document, favourite: !document.favourite })}>
        {document.favourite ? <StarOff /> : <Star />}
        {document.favourite ? 'Remove from favourites' : 'Add to favourites'}
      </MenuItem>
      <MenuItem onClick={() => void copyAddress(document)}>
        <Link2 />
        Copy address
      </MenuItem>
      <MenuItem onClick={() => openDialog(node, 'share')}>
        <UserPlus />
        Share…
      </MenuItem>
      {edits ? (
        <>
          <MenuSeparator />
          <MenuItem onClick={() => rename(document.id)}>
            <Pencil />
            Rename
          </MenuItem>
          <MenuItem onClick={() => openDialog(node, 'icon')}>
            <SmilePlus />
            Change icon…
          </MenuItem>
          <MenuItem closeOnClick={false} onClick={() => openMenu(node, 'create', anchor)}>
            <Plus />
            New below…
          </MenuItem>
          <MenuItem onClick={() => duplicate.mutate(document)}>
            <Copy />
            Duplicate
          </MenuItem>
          <MenuItem onClick={() => openDialog(node, 'move')}>
            <FolderInput />
            Move to…
          </MenuItem>
          <MenuSeparator />
          <MenuItem destructive onClick={() => trash(document)}>
            <Trash2 />
            Move to trash
          </MenuItem>
        </>
      ) : null}
    </>
  )
}

function ProjectOptions({ project, projects, anchor }: { project: Project; projects: Project[]; anchor: MenuAnchor }) {
  const { rename, openDialog, openMenu } = useTree()
  const move = useMoveProject()
  const node = { type: 'project', project } as const
  const at = projects.findIndex((one) => one.id === project.id)
  const manages = atLeastLevel(project.level, 'manage')
  return (
    <>
      <MenuItem onClick={() => openDialog(node, 'share')}>
        <UserPlus />
        Share…
      </MenuItem>
      {mayEdit(node) ? (
        <MenuItem closeOnClick={false} onClick={() => openMenu(node, 'create', anchor)}>
          <Plus />
          New in it…
        </MenuItem>
      ) : null}
      {manages ? (
        <>
          <MenuSeparator />
          <MenuItem onClick={() => rename(project.id)}>
            <Pencil />
            Rename
          </MenuItem>
          <MenuItem onClick={() => openDialog(node, 'icon')}>
            <SmilePlus />
            Change icon…
          </MenuItem>
          <MenuItem disabled={at <= 0} onClick={() => move.mutate({ project, after: projects[at - 2]?.id ?? null })}>
            <ArrowUp />
            Move up
          </MenuItem>
          <MenuItem
            disabled={at < 0 || at >= projects.length - 1}
            onClick={() => move.mutate({ project, after: projects[at + 1]?.id ?? null })}
          >
            <ArrowDown />
            Move down
          </MenuItem>
          <MenuSeparator />
          <MenuItem destructive onClick={() => openDialog(node, 'delete')}>
            <Trash2 />
            Delete project…
          </MenuItem>
        </>
      ) : null}
    </>
  )
}

'use client'
import { useState } from 'react'
import { ProjectShareDialog } from '../../collaboration/share/project-share.tsx'
import { ShareDialog } from '../../collaboration/share/share-dialog.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { useDecorate } from '../changes.ts'
import { EmojiPicker } from '../emoji/picker.tsx'
import { useDeleteProject, useUpdateProject } from '../project-changes.ts'
import { MoveDialog } from './move-dialog.tsx'
import { type TreeNode, titleOf } from './nodes.ts'
import type { TreeDialog } from './tree-context.ts'

interface TreeDialogsProps {
  shown: { node: TreeNode; dialog: TreeDialog } | null
  onClose(): void
}

/** The dialogs that ask about a node of the tree. */
export function TreeDialogs({ shown, onClose }: TreeDialogsProps) {
  const decorate = useDecorate()
  const update = useUpdateProject()
  const remove = useDeleteProject()
  // What was asked last, while its dialog fades.
  const [last, setLast] = useState(shown)
  if (shown && shown !== last) setLast(shown)
  const node = (shown ?? last)?.node
  if (!node) return null
  const isOpen = (dialog: TreeDialog) => shown?.dialog === dialog
  const onOpenChange = (open: boolean) => (open ? undefined : onClose())

  function choose(icon: string | null) {
    onClose()
    if (node?.type === 'project') update.mutate({ project: node.project, icon })
    else if (node) decorate.mutate({ document: node.document, icon })
  }

  return (
    <>
      <Dialog open={isOpen('icon')} onOpenChange={onOpenChange} title={`Icon of ${titleOf(node)}`} className="max-w-sm">
        <EmojiPicker chosen={node.type === 'project' ? node.project.icon : node.document.icon} onChoose={choose} />
      </Dialog>
      {node.type === 'document' ? (
        <>
          <MoveDialog document={node.document} open={isOpen('move')} onOpenChange={onOpenChange} />
          <ShareDialog document={node.document} open={isOpen('share')} onOpenChange={onOpenChange} />
        </>
      ) : (
        <>
          <ProjectShareDialog project={node.project} open={isOpen('share')} onOpenChange={onOpenChange} />
          <Confirm
            open={isOpen('delete')}
            onOpenChange={onOpenChange}
            title={`Delete the project “${node.project.name}”?`}
            description="It is gone for everybody at once. Its documents go to the trash, from where they can be restored for 30 days."
            action="Delete project"
            onConfirm={() => remove.mutate(node.project)}
          />
        </>
      )}
    </>
  )
}

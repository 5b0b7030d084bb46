import { atLeastLevel, type Project, type Resource } from '@realtime/contracts'
import { nameOf } from '../titles.ts'

/** What a row of the tree stands for. */
export type TreeNode = { type: 'project'; project: Project } | { type: 'document'; document: Resource }

/** The name of a node for everything that has to tell nodes apart. */
export function keyOf(node: TreeNode): string {
  return node.type === 'project' ? node.project.id : node.document.id
}

export function titleOf(node: TreeNode): string {
  return node.type === 'project' ? node.project.name : nameOf(node.document)
}

/** Whether its name and what lies in it may be changed. */
export function mayEdit(node: TreeNode): boolean {
  return atLeastLevel(node.type === 'project' ? node.project.level : node.document.level, 'edit')
}

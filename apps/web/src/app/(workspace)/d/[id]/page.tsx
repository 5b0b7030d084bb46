import { DocumentPage } from '../../../../collaboration/document-page.tsx'

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <DocumentPage key={id} id={id} />
}

import { Problem, type ProblemKey } from '@realtime/contracts'
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

/** The sentence to show for anything thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof Problem) return error.message
  return 'Something went wrong in this page. Try again.'
}

/** Problems that speak of one field though they carry no errors[]. */
const fieldOf: Partial<Record<ProblemKey, string>> = { 'email-taken': 'email' }

/** Shows a problem in a form: each of its errors[] at the field it names, all else above the button. */
export function showProblem<V extends FieldValues, C, T extends FieldValues | undefined>(
  form: UseFormReturn<V, C, T>,
  error: unknown,
): void {
  const problem = error instanceof Problem ? error : null
  const named = problem ? fieldOf[problem.key] : undefined
  const issues = (problem?.errors ?? []).map((issue) => ({ ...issue, path: issue.path.replace(/^body\./, '') }))
  if (problem && named) issues.push({ path: named, message: problem.message })
  let shown = false
  for (const issue of issues) {
    if (!Object.hasOwn(form.getValues(), issue.path)) continue
    form.setError(issue.path as Path<V>, { message: issue.message }, { shouldFocus: !shown })
    shown = true
  }
  if (!shown) form.setError('root', { message: messageOf(error) })
}

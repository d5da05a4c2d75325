/**
 * Statements of one transaction that do not need each other's answers: the next is on its way while the rows of the one
 * before are looked at. Waits for all also when one fails, because what came to the connection after the rollback would
 * stand by itself; then throws the first failure.
 */
export async function together<const Work extends readonly unknown[]>(
  ...work: { readonly [Place in keyof Work]: Promise<Work[Place]> }
): Promise<Work> {
  const settled = await Promise.allSettled(work)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as unknown as Work
}

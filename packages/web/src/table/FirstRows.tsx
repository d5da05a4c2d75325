import { Text } from '@mantine/core'
import { sayCount } from '../ui/words.ts'
import { type Column, DataTable } from './DataTable.tsx'

const SHOWN = 50

/** The first rows of a list that is searched and not paged, and how many there are. */
export function FirstRows<Row extends { readonly id: string }>({
  caption,
  rows,
  total,
  columns,
}: {
  readonly caption: string
  readonly rows: readonly Row[]
  readonly total: number
  readonly columns: readonly Column<Row>[]
}) {
  return (
    <>
      <DataTable caption={caption} rows={rows.slice(0, SHOWN)} columns={columns} />
      {total > SHOWN ? (
        <Text p="sm" c="dimmed">
          The first {SHOWN} of {sayCount(total)}: search for the rest.
        </Text>
      ) : null}
    </>
  )
}

import {
  type ColumnVisibilityState,
  columnVisibilityFeature,
  createColumnHelper,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useNavigate } from '@tanstack/react-router'
import { type MouseEvent, type ReactNode, useMemo } from 'react'
import { useDensity } from './density.ts'

export interface Column<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** Sort key of the route, when the server can sort by it. */
  readonly sort?: string
  readonly isNumber?: boolean
  /** Chosen by the reader, not shown at first. */
  readonly isExtra?: boolean
  readonly width?: number
}

const features = tableFeatures({ columnVisibilityFeature })

/** The one table: columns as data, sorted by the server, at most a page of rows. */
export function DataTable<Row extends { readonly id: string }>({
  caption,
  rows,
  columns,
  shown,
  sort,
  onSort,
  opens,
}: {
  readonly caption: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly shown?: readonly string[] | undefined
  readonly sort?: string | undefined
  readonly onSort?: (sort: string) => void
  /** Where a click on a row leads. The first cell carries the link for the keyboard. */
  readonly opens?: (row: Row) => string
}) {
  const navigate = useNavigate()
  const [density] = useDensity()
  const defs = useMemo(() => definitions(columns), [columns])
  const data = useMemo(() => [...rows], [rows])
  const columnVisibility = useMemo(() => visibility(columns, shown), [columns, shown])
  const table = useTable({
    features,
    columns: defs,
    data,
    getRowId: (row) => row.id,
    state: { columnVisibility },
  })
  const byId = new Map(columns.map((column) => [column.id, column]))
  const open = (row: Row) => (event: MouseEvent<HTMLElement>) => {
    if (!opens || isOnControl(event) || getSelection()?.toString()) return
    void navigate({ href: opens(row) })
  }
  return (
    <table className={density === 'compact' ? 'rows compact' : 'rows'} aria-label={caption}>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => {
              const column = byId.get(header.column.id)
              return column ? (
                <HeaderCell key={header.id} column={column} sort={sort} onSort={onSort} />
              ) : null
            })}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} data-opens={opens ? '' : undefined} onClick={open(row.original)}>
            {row.getVisibleCells().map((cell) => (
              <td
                key={cell.id}
                className={byId.get(cell.column.id)?.isNumber ? 'number' : undefined}
              >
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function definitions<Row extends object>(columns: readonly Column<Row>[]) {
  const helper = createColumnHelper<typeof features, Row>()
  return helper.columns(
    columns.map((column) =>
      helper.display({
        id: column.id,
        header: column.header,
        cell: ({ row }) => column.cell(row.original),
      }),
    ),
  )
}

function visibility<Row>(
  columns: readonly Column<Row>[],
  shown: readonly string[] | undefined,
): ColumnVisibilityState {
  return Object.fromEntries(columns.map((column) => [column.id, isShown(column, shown)]))
}

/** Whether a column is on the screen: as chosen, or as the page begins. */
export function isShown(column: Column<never>, shown: readonly string[] | undefined): boolean {
  return shown ? shown.includes(column.id) : column.isExtra !== true
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>
  readonly sort: string | undefined
  readonly onSort: ((sort: string) => void) | undefined
}) {
  const key = column.sort
  const className = column.isNumber ? 'number' : undefined
  const style = column.width === undefined ? undefined : { minWidth: column.width }
  if (key === undefined || !onSort) {
    return (
      <th scope="col" className={className} style={style}>
        {column.header}
      </th>
    )
  }
  const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none'
  return (
    <th scope="col" className={className} style={style} aria-sort={direction}>
      <button
        type="button"
        className="sort"
        onClick={() => onSort(direction === 'ascending' ? `-${key}` : key)}
      >
        {column.header}
        <span aria-hidden="true">
          {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  )
}

function isOnControl(event: MouseEvent<HTMLElement>): boolean {
  return event.target instanceof Element && event.target.closest('a, button, input, label') !== null
}

import { expect, test } from 'vitest'
import { readDocumentType } from './document.ts'

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0)

test.each([
  ['%PDF-1.7\n..', 'application/pdf'],
  ['PK\u0003\u0004docx', 'application/zip'],
  ['Serviced on 3 March, pressure 4 bar\n', 'text/plain'],
  ['MZ\u0090\u0000\u0003', undefined],
  ['\u007fELF\u0002\u0001', undefined],
  ['<!DOCTYPE html><script>alert(1)</script>', undefined],
  ['  <svg onload="x"/>', undefined],
  ['#!/bin/sh\u0000', undefined],
])('%j is %s', (text, type) => {
  expect(readDocumentType(bytes(text))).toBe(type)
})

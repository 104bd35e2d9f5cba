import type * as Yaml from 'yaml'
import { requireLater } from '../../require-later.ts'

export type { CST, Document as YamlDocument, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
export type YamlLibrary = typeof Yaml

/**
 * The YAML library, loaded when the first YAML text comes: a program that only decides, or reads
 * JSON, never pays for it. Synchronous, because `parsePolicy` is.
 */
export function loadYaml(): YamlLibrary {
  return requireLater('yaml') as YamlLibrary // its own types say so
}

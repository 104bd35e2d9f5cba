import {
  ALTER,
  CALL,
  COPY,
  CREATE,
  DELETE,
  DROP,
  GRANT,
  INSERT,
  type IntentSet,
  MERGE,
  SET,
  TRANSACTION,
  TRUNCATE,
  UPDATE,
} from './intents.ts'

/** Nodes that do nothing by themselves: parts of expressions, of queries, names and constants. */
export const NEUTRAL_NODES: ReadonlySet<string> = new Set(
  `AccessPriv A_ArrayExpr A_Const A_Indices A_Indirection A_Star Alias BitString BoolExpr Boolean BooleanTest
CTECycleClause CTESearchClause CaseExpr CaseWhen CoalesceExpr CollateClause ColumnDef ColumnRef
CommonTableExpr CurrentOfExpr DefElem Float GroupingFunc GroupingSet Integer JoinExpr JsonAggConstructor
JsonArgument JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor JsonBehavior JsonExpr
JsonFormat JsonFuncExpr JsonIsPredicate JsonKeyValue JsonObjectAgg JsonObjectConstructor JsonOutput
JsonParseExpr JsonReturning JsonScalarExpr JsonSerializeExpr JsonTable JsonTableColumn
JsonTablePathSpec JsonValueExpr List MinMaxExpr NamedArgExpr NullTest ParamRef RangeFunction
RangeSubselect RangeTableFunc RangeTableFuncCol RangeVar ResTarget ReturningClause ReturningOption
RowExpr SQLValueFunction SetToDefault MultiAssignRef InferClause IndexElem MergeWhenClause String TypeCast
TypeName WindowDef WithClause XmlExpr XmlSerialize Constraint FunctionParameter ObjectWithArgs
PartitionBoundSpec PartitionElem PartitionSpec RoleSpec StatsElem TableLikeClause TriggerTransition
VacuumRelation`.split(/\s+/),
)

/** Statements by their node; those that are not here count as `other`. */
export const STATEMENT_NODES: ReadonlyMap<string, IntentSet> = new Map([
  ['InsertStmt', INSERT],
  ['UpdateStmt', UPDATE],
  ['DeleteStmt', DELETE],
  ['MergeStmt', MERGE],
  ['TruncateStmt', TRUNCATE],
  ['CopyStmt', COPY],
  ['CallStmt', CALL],
  ['DoStmt', CALL],
  ['ExecuteStmt', CALL],
  ['PrepareStmt', CALL],
  ['DeallocateStmt', CALL],
  ['GrantStmt', GRANT],
  ['GrantRoleStmt', GRANT],
  ['AlterDefaultPrivilegesStmt', ALTER | GRANT],
  ['CreateRoleStmt', CREATE | GRANT],
  ['AlterRoleStmt', ALTER | GRANT],
  ['AlterRoleSetStmt', ALTER | GRANT],
  ['DropRoleStmt', DROP | GRANT],
  ['DropOwnedStmt', DROP],
  ['VariableSetStmt', SET],
  ['DiscardStmt', SET],
  ['ConstraintsSetStmt', SET],
  ['TransactionStmt', TRANSACTION],
  ['DeclareCursorStmt', TRANSACTION],
  ['FetchStmt', TRANSACTION],
  ['ClosePortalStmt', TRANSACTION],
  ['RenameStmt', ALTER],
  ['ImportForeignSchemaStmt', CREATE],
  ['IndexStmt', CREATE],
  ['ViewStmt', CREATE],
  ['RuleStmt', CREATE],
  ['DefineStmt', CREATE],
  ['CompositeTypeStmt', CREATE],
  ['DropStmt', DROP],
  ['DropdbStmt', DROP],
  ['DropTableSpaceStmt', DROP],
  ['DropSubscriptionStmt', DROP],
  ['DropUserMappingStmt', DROP],
  ...`Schema Table TableAs TableSpace Function Trig Domain Enum Range Seq Extension Fdw ForeignServer
ForeignTable UserMapping Policy EventTrig Plang OpClass OpFamily Cast Transform Conversion
Publication Subscription Stats Am`
    .split(/\s+/)
    .map((name): [string, IntentSet] => [`Create${name}Stmt`, CREATE]),
  ['CreateStmt', CREATE],
  ['CreatedbStmt', CREATE],
  ...`Table TableSpaceOptions TableMoveAll Owner ObjectSchema ObjectDepends Function Domain
Enum Seq Extension ExtensionContents Fdw ForeignServer UserMapping Policy EventTrig OpFamily
Operator Type System Database DatabaseSet DatabaseRefreshColl Collation Publication Subscription
Stats TSConfiguration TSDictionary`
    .split(/\s+/)
    .map((name): [string, IntentSet] => [`Alter${name}Stmt`, ALTER]),
])

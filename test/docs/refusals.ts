import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../..');

/** A place of the code that refuses, with what it tells whoever asked. */
export interface Refusal {
  /** File and line. */
  readonly place: string;
  readonly code: string;
  /** Every text that it may say; parts that come from elsewhere stand as `…`. */
  readonly details: readonly string[];
}

/** Which argument of a call is the code; the detail is the next. */
const CODE_AT: Readonly<Record<string, number>> = {
  'refuse.invalid': 0,
  'refuse.forbidden': 0,
  'refuse.notFound': 0,
  'refuse.conflict': 0,
  'refuse.rule': 0,
  DomainError: 1,
  HttpError: 1,
  unauthorised: 0,
  unavailable: 0,
};

/** Every refusal of the libraries and the API, read from the source: whatever is added is looked at, too. */
export function refusals(): readonly Refusal[] {
  return ['libs', 'apps'].flatMap((room) => sourcesIn(path.join(root, room))).flatMap(refusalsIn);
}

function sourcesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.spec|\.d)\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/]testing([\\/]|\.)/.test(file))
    .sort();
}

function refusalsIn(file: string): Refusal[] {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Refusal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const at = CODE_AT[node.expression.getText(source)];
      const [code, detail] = at === undefined ? [] : (node.arguments ?? []).slice(at, at + 2);
      // Without texts of its own it passes on what others say.
      if (code !== undefined && detail !== undefined && !passesOn(detail, source)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        const place = `${path.relative(root, file)}:${line + 1}`;
        found.push({ place, code: textsOf(code, source).join(' or '), details: textsOf(detail, source) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A parameter, or a field of another refusal. */
function passesOn(detail: ts.Expression, source: ts.SourceFile): boolean {
  if (ts.isPropertyAccessExpression(detail)) return true;
  return ts.isIdentifier(detail) && declared(detail, source) === null;
}

/** Every text that an expression may come to. */
function textsOf(expression: ts.Expression, source: ts.SourceFile): readonly string[] {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression, source);
  if (ts.isConditionalExpression(expression)) {
    return [...textsOf(expression.whenTrue, source), ...textsOf(expression.whenFalse, source)];
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [expression.left, expression.right].map((side) => textsOf(side, source));
    return (left ?? []).flatMap((start) => (right ?? []).map((end) => start + end));
  }
  if (ts.isTemplateExpression(expression)) {
    return [[expression.head.text, ...expression.templateSpans.map(({ literal }) => literal.text)].join('…')];
  }
  const initial = ts.isIdentifier(expression) ? declared(expression, source) : null;
  return initial === null ? ['…'] : textsOf(initial, source);
}

/** What the nearest constant of the name before is made of; null for a parameter. */
function declared(name: ts.Identifier, source: ts.SourceFile): ts.Expression | null {
  let found: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText(source) === name.text && node.initializer !== undefined) {
      if (node.pos < name.pos || found === null) found = node.initializer;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

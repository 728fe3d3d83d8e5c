import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

// Type-aware rules, and the bans that keep time, randomness, environment and the network behind their ports.
const time = { object: 'Date', property: 'now', message: 'Ask Clock.' };
const chance = { object: 'Math', property: 'random', message: 'Ask Random.' };
const environment = { object: 'process', property: 'env', message: 'Read configuration through a ConfigSlice.' };
const programs = ['main', 'cluster', 'start', 'migrate', 'cli', 'simulator/main'].map((name) => `src/${name}.ts`);

export default tseslint.config(
  { ignores: ['**/dist/**', 'dist.*/**', 'node_modules/**', 'test/specs/node_modules/**', '.latchkey*/**'] },
  // No file excuses itself: an exception is a block of this file that names whom it is for.
  { linterOptions: { noInlineConfig: true } },
  eslint.configs.recommended,
  {
    files: ['**/*.cjs', '**/*.mjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    files: ['examples/**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['require', 'process', 'console', 'URL', 'fetch', 'document', 'FormData'].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['src/simulator/page/*.js'],
    languageOptions: {
      globals: { document: 'readonly', EventSource: 'readonly', fetch: 'readonly', navigator: 'readonly' },
    },
  },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts', '**/*.tsx'] })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'packages/*/src/**/*.ts', 'web/{src,dashboard}/**/*.ts', 'web/{src,dashboard}/**/*.tsx'],
    ignores: ['src/**/*.spec.ts', '**/*.generated.ts'],
    rules: {
      complexity: ['error', 10],
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', 50],
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts', 'src/**/*.spec.ts'],
    rules: { 'max-lines': ['error', 250] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/**/*.spec.ts'],
    rules: {
      'no-restricted-properties': ['error', time, chance, environment],
      'no-restricted-globals': ['error', 'fetch'],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask Clock.' },
        {
          selector: "Property[key.name='event'][value.value=/^alarm(_ended)?$/]",
          message: 'An alarm is alarmRaised or alarmEnded (platform/logging/alarm.ts).',
        },
      ],
    },
  },
  // A program reads the environment that it hands to loadConfig.
  { files: programs, rules: { 'no-restricted-properties': ['error', time, chance] } },
  // The port itself: the one place that reads the machine's clock.
  {
    files: ['src/platform/clock/system-clock.ts'],
    rules: { 'no-restricted-properties': ['error', chance, environment] },
  },
);

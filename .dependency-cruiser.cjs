// The arrows of ARCHITECTURE.md, enforced. Every rule names the sentence it keeps true.
// test/architecture/arrows.e2e-spec.ts plants a breach of each rule and sees it caught.
const layer = (name, mayUse) => ({
  name: `arrow-${name}`,
  comment: `${name}/ may import only: itself, ${mayUse.join(', ')}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/[^/]+/', pathNot: [`^src/${name}/`, ...mayUse.map((m) => `^src/${m}/`)] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },

    // 1. Module arrows (lower never knows higher).
    layer('platform', []),
    layer('config', ['platform']),
    layer('database', ['platform', 'config']),
    layer('jobs', ['platform', 'config', 'database']),
    layer('audit', ['platform', 'config', 'database', 'jobs']),
    layer('throttling', ['platform', 'config']),
    layer('limits', ['platform', 'config', 'database']),
    layer('mail', ['platform', 'config', 'database', 'audit', 'jobs']),
    layer('sms', ['platform', 'config', 'database', 'audit', 'jobs', 'limits', 'throttling']),
    layer('users', ['platform', 'config', 'database', 'audit']),
    layer('otp', ['platform', 'config', 'database', 'audit', 'sms', 'mail', 'jobs', 'limits']),
    layer('notices', ['platform', 'config', 'database', 'audit', 'sms', 'mail', 'jobs', 'limits']),
    layer('auth', [
      'platform',
      'config',
      'database',
      'audit',
      'throttling',
      'limits',
      'users',
      'otp',
      'notices',
      'jobs',
    ]),
    layer('account', ['platform', 'config', 'database', 'audit', 'throttling', 'users', 'otp', 'auth', 'notices']),
    layer('ops', [
      'platform',
      'config',
      'database',
      'jobs',
      'limits',
      'throttling',
      'sms',
      'otp',
      'auth',
      'users',
      'audit',
    ]),
    layer('http', ['platform', 'config', 'throttling', 'auth']),
    layer('cluster', ['platform', 'config']),
    layer('start', ['platform', 'config', 'database']),
    layer('simulator', ['platform', 'config', 'sms']),
    // admin and cli are edges: they may use every module but the simulator. Files at the top of src/ (main, migrate, start,
    // app.*) are composition roots: they may use everything, and nothing may use them.
    {
      name: 'roots-are-not-imported',
      comment: 'A composition root is imported only by another one',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'http-belongs-to-the-roots',
      comment: 'How the server is set up concerns the composition roots only',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/http/' },
      to: { path: '^src/http/' },
    },
    {
      name: 'start-belongs-to-the-roots',
      comment: 'The one-command supervisor never ships inside the app',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/start/', '^src/start\\.ts$'] },
      to: { path: '^src/start(/|\\.ts$)' },
    },
    {
      name: 'migrations-import-nothing-of-ours',
      comment: 'A released migration must not change because a source file did',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-dead-files',
      comment: 'Every file is reachable from another one, or is a program',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: ['^src/(main|cluster|start|migrate)\\.ts$', '^src/simulator/main\\.ts$', '\\.(js|d\\.ts)$'],
      },
      to: {},
    },

    // Packages are installed by strangers, who have nothing else of ours; examples show what a stranger writes.
    {
      name: 'packages-and-examples-know-nothing-of-the-server',
      severity: 'error',
      from: { path: '^(packages|examples)/' },
      to: { path: '^(src|migrations|scripts|test|dist)/' },
    },
    {
      name: 'packages-are-strangers',
      comment: 'One package never imports another',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/' },
    },
    {
      name: 'the-server-knows-no-package',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(packages|examples|web)/' },
    },

    // 2. Across modules only the front door is visible.
    {
      name: 'front-door-only',
      comment:
        'Of another module you see *.module, *.service, *.errors, *.types, *.guard, *.decorator, *.sql; never its rows, stores, policies or inner files',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: ['^src/simulator/'] },
      to: {
        path: '^src/(audit|throttling|limits|jobs|sms|mail|users|otp|notices|auth|account|ops|web)/',
        pathNot: ['^src/$1/', '\\.(module|service|errors|types|guard|decorator|sql)\\.ts$', '^src/sms/contract/'],
      },
    },
    {
      name: 'the-sms-contract-is-for-message-sources',
      comment:
        'Of modules, only those that implement MessageSource (otp, notices) and the simulator hold types of the contract',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/(sms|otp|notices|simulator)/' },
      to: { path: '^src/sms/contract/' },
    },

    // 3. Roles inside a module.
    {
      name: 'controllers-never-see-rows',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '\\.(entity|store)\\.ts$' },
    },
    {
      name: 'policies-are-pure',
      comment: 'A *.policy.ts file imports types and pure helpers only: no Nest, ORM, HTTP, clock, random',
      severity: 'error',
      from: { path: '\\.policy\\.ts$' },
      to: {
        path: '(node_modules/(@nestjs|typeorm|undici|pg|jose)/|^src/database/|^src/platform/(clock|random|http)/|\\.(store|service|controller)\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'dtos-touch-nothing',
      severity: 'error',
      from: { path: '\\.(request|response)\\.ts$' },
      to: { path: '\\.(entity|store|service|controller)\\.ts$' },
    },

    // 4. Vendors are fenced in.
    {
      name: 'vendor-folders-are-strangers',
      comment: 'One provider folder never imports another',
      severity: 'error',
      from: { path: '^src/sms/providers/([^/]+)/' },
      to: { path: '^src/sms/providers/[^/]+/', pathNot: '^src/sms/providers/$1/' },
    },
    {
      name: 'vendor-knows-only-the-contract',
      severity: 'error',
      from: { path: '^src/sms/providers/[^/]+/' },
      to: { path: '^src/', pathNot: ['^src/sms/providers/', '^src/sms/contract/', '^src/platform/', '^src/config/'] },
    },
    {
      name: 'only-the-registry-opens-a-vendor-folder',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/sms/providers/', '^src/simulator/'] },
      to: { path: '^src/sms/providers/[^/]+/' },
    },
    {
      name: 'simulator-opens-only-dialects',
      severity: 'error',
      from: { path: '^src/simulator/' },
      to: {
        path: '^src/sms/',
        pathNot: ['^src/sms/contract/', '\\.dialect\\.ts$', '^src/sms/providers/dialects\\.ts$'],
      },
    },
    {
      name: 'simulator-never-ships-inside-the-app',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/simulator/' },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'dialects-never-ship-inside-the-app',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/simulator/', '\\.dialect\\.ts$', '^src/sms/providers/dialects\\.ts$'] },
      to: { path: '\\.dialect\\.ts$' },
    },
    {
      name: 'what-the-app-does-not-use-is-a-dialect',
      comment:
        'A vendor file that main cannot reach serves the simulator only: it bears the suffix that the image leaves out',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: {
        path: '^src/sms/providers/',
        pathNot: ['\\.dialect\\.ts$', '^src/sms/providers/dialects\\.ts$'],
        reachable: false,
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '\\.spec\\.ts$' },
  },
};

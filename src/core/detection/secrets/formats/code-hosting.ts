import type { Format } from '../shape.ts'

/**
 * Git hosts, package registries, continuous integration.
 *
 * @see https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 * @see https://docs.gitlab.com/security/tokens/#token-prefixes
 * @see https://pypi.org/help/#apitoken
 */
export const CODE_HOSTING_FORMATS: readonly Format[] = [
  ['github_personal_token', ['ghp_{alnum:36}', 'ghp_{alnum:40+}']],
  ['github_oauth_token', ['gho_{alnum:36}', 'gho_{alnum:40+}']],
  ['github_app_token', ['ghu_{alnum:36}', 'ghs_{alnum:36}', 'ghu_{alnum:40+}', 'ghs_{dotted:40+}']],
  ['github_refresh_token', ['ghr_{alnum:36}', 'ghr_{alnum:76}', 'ghr_{alnum:40+}']],
  ['github_fine_grained_token', ['github_pat_{alnum:22}_{alnum:59}', 'github_pat_{word:82}']],
  [
    'gitlab_personal_token',
    [
      'glpat-{base64url:20}',
      'glpat-{base64url:27-300}.{lower:2}{lower:7}',
      'glpat-{base64url:27-300}.{digits:2}.{lower:2}{lower:7}',
    ],
  ],
  [
    'gitlab_runner_token',
    [
      'glrt-{base64url:20}',
      'glrt-t{digits:1}_{base64url:20}',
      'glrt-t{digits:1}_{base64url:27-300}.{lower:9}',
      'glrt-t{digits:1}_{base64url:27-300}.{digits:2}.{lower:9}',
      'glrtr-{base64url:20}',
    ],
  ],
  ['gitlab_runner_registration_token', ['GR1348941{base64url:20}']],
  ['gitlab_deploy_token', ['gldt-{base64url:20}']],
  ['gitlab_feed_token', ['glft-{base64url:20}', 'glft-{hex:64}-{digits:1-12}']],
  ['gitlab_incoming_mail_token', ['glimt-{base64url:25}']],
  ['gitlab_agent_token', ['glagent-{base64url:50-1024}']],
  ['gitlab_oauth_secret', ['gloas-{base64url:64}']],
  ['gitlab_scim_token', ['glsoat-{base64url:20}', 'glsoat-{base64url:50}']],
  ['gitlab_trigger_token', ['glptt-{hex:40}', 'glptt-{base64url:40}']],
  ['gitlab_job_token', ['glcbt-{alnum:1-5}_{base64url:20}', 'glcbt-{base64url:20}']],
  ['gitlab_feature_flag_token', ['glffct-{base64url:20}']],
  ['gitlab_workspace_token', ['glwt-{base64url:20}']],
  ['gitlab_session_cookie', ['_gitlab_session={hex:32}']],
  ['bitbucket_token', ['ATBB{alnum:32}', 'ATCTT3xFfG{loose:150-300}', 'BBDC-{base64:40-50}']],
  ['atlassian_api_token', ['ATATT3xFfG{loose:150-300}', 'ATSTT3xFfG{loose:150-300}']],
  [
    'sourcegraph_token',
    [
      'sgp_{anyhex:16}_{anyhex:40}',
      'sgp_local_{anyhex:40}',
      'sgp_{anyhex:40}',
      'sgd_{anyhex:64}',
      'slk_{anyhex:64}',
    ],
  ],
  ['npm_token', ['npm_{alnum:36}']],
  [
    'npm_registry_auth',
    [
      '/:_authToken={base64url:36}',
      '/:_authToken= {base64url:36}',
      '/:_password={padded:16+}',
      '/:_auth={padded:16+}',
    ],
  ],
  [
    'pypi_token',
    ['pypi-AgEIcHlwaS5vcmc{base64url:50+}', 'pypi-AgENdGVzdC5weXBpLm9yZw{base64url:50+}'],
  ],
  ['rubygems_key', ['rubygems_{hex:48}']],
  ['nuget_key', ['oy2{lower:43}']],
  ['crates_token', ['cio{alnum:32}']],
  ['docker_token', ['dckr_pat_{base64url:27}', 'dckr_oat_{base64url:32}', 'dckr_jwt_{dotted:60+}']],
  [
    'packagist_token',
    ['packagist_ack_{hex:40+}', 'packagist_uut_{hex:40+}', 'packagist_out_{hex:40+}'],
  ],
  ['clojars_token', ['CLOJARS_{lower:60}']],
  ['jsr_token', ['jsrp_{alnum:40+}', 'jsrd_{alnum:40+}']],
  ['jfrog_api_key', ['AKCp{alnum:69}', 'AKCp{alnum:60-80}']],
  ['jfrog_reference_token', ['cmVmdGtu{alnum:56}', 'cmVmdGtu{base64:50-60}']],
  ['circleci_token', ['CCIPAT_{alnum:22}_{hex:40}', 'CCIPRJ_{alnum:22}_{hex:40}']],
  ['buildkite_token', ['bkua_{hex:40}', 'bkaj_{hex:40}']],
  ['octopus_deploy_key', ['API-{upper:26-30}'], { confidence: 0.8 }],
  ['sonar_token', ['squ_{hex:40}', 'sqp_{hex:40}', 'sqa_{hex:40}']],
  [
    'snyk_token',
    ['snyk_uat.{base64url:8}.{base64url:20+}', 'snyk_sat.{base64url:8}.{base64url:20+}'],
  ],
  [
    'figma_token',
    ['figd_{base64url:40}', 'figo_{base64url:40}', 'figu_{base64url:40}', 'figor_{base64url:40}'],
  ],
  ['postman_key', ['PMAK-{hex:24}-{hex:34}', 'PMAT-{upper:26}']],
  ['readme_key', ['rdme_{lower:70}']],
  ['scalingo_token', ['tk-us-{base64url:48}']],
  ['openshift_token', ['sha256~{base64url:43}']],
  ['pulumi_token', ['pul-{hex:40}']],
  ['terraform_cloud_token', ['{alnum:14}.atlasv1.{loose:60-70}']],
  ['infracost_key', ['ico-{alnum:32}']],
  [
    'harness_token',
    ['pat.{base64url:22}.{hex:24}.{alnum:20}', 'sat.{base64url:22}.{hex:24}.{alnum:20}'],
  ],
  ['prefect_key', ['pnu_{alnum:36}', 'pnb_{alnum:36}']],
  [
    'launchdarkly_key',
    [
      'api-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
      'sdk-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}',
    ],
  ],
  ['settlemint_token', ['sm_pat_{alnum:16}', 'sm_aat_{alnum:16}', 'sm_sat_{alnum:16}']],
  // A JSON Web Token, encoded once more.
  [
    'base64_json_web_token',
    ['ZXlKaGJHY2lPaU{padded:60+}', 'ZXlKMGVYQWlPaU{padded:60+}', 'ZXlKcmFXUWlPaU{padded:60+}'],
  ],
]

{{/* An API group as a person may write it: `apps`, `apps/v1`, `v1`. */}}
{{- define "koreo.apiGroup" -}}
{{- if not (regexMatch "^v[0-9]+((alpha|beta)[0-9]+)?$" .) -}}{{- regexReplaceAll "/.*$" . "" -}}{{- end -}}
{{- end -}}

{{/* Rules made of lists of resources by API group. */}}
{{- define "koreo.rules" -}}
{{- range $group, $resources := .read_only }}
- apiGroups: [{{ include "koreo.apiGroup" $group | quote }}]
  resources: {{ toJson $resources }}
  verbs: [get, list, watch]
{{- end }}
{{- range $group, $resources := .read_write }}
- apiGroups: [{{ include "koreo.apiGroup" $group | quote }}]
  resources: {{ toJson $resources }}
  verbs: [get, list, watch, create, update, patch, delete]
{{- end }}
{{- end -}}

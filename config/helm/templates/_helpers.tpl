{{- define "koreo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The name of what the chart makes: short enough for a suffix. */}}
{{- define "koreo.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "koreo.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The name of what has no namespace: two releases of one name do not share it. */}}
{{- define "koreo.clusterName" -}}
{{- $fullname := include "koreo.fullname" . -}}
{{- if eq $fullname .Release.Namespace -}}
{{- $fullname -}}
{{- else -}}
{{- printf "%s-%s" $fullname .Release.Namespace | trunc 100 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "koreo.selectorLabels" -}}
app.kubernetes.io/name: {{ include "koreo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .Values.controller.name }}
{{- end -}}

{{- define "koreo.labels" -}}
{{ include "koreo.selectorLabels" . }}
app.kubernetes.io/part-of: koreo
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "koreo.serviceAccountName" -}}
{{- .Values.controller.serviceAccount.name -}}
{{- end -}}

{{- define "koreo.image" -}}
{{- with .Values.controller.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The subject of every binding. */}}
{{- define "koreo.subjects" -}}
- kind: ServiceAccount
  name: {{ include "koreo.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}

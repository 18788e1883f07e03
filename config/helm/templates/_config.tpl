{{/* The namespaces of triggers and of what is made of them, as a mapping with a list; an empty one stands for all. */}}
{{- define "koreo.resourceNamespaces" -}}
{{- $given := .Values.controller.resourceNamespace -}}
{{- $list := kindIs "slice" $given | ternary $given (compact (list $given)) -}}
{{- toYaml (dict "list" (uniq $list)) -}}
{{- end -}}

{{/* The namespaces of definitions, the first of which counts first. */}}
{{- define "koreo.definitionNamespaces" -}}
{{- $own := .Release.Namespace -}}
{{- $controller := .Values.controller -}}
{{- $list := list (default $own $controller.koreoNamespace) (default $own $controller.templateNamespace) -}}
{{- toYaml (dict "list" (uniq $list)) -}}
{{- end -}}

{{/* The store that definitions come from and leaders are elected in, unless `config` says otherwise. */}}
{{- define "koreo.ownStore" -}}
{{- $name := "cluster" -}}
{{- range (default list .Values.config.stores | reverse) -}}
{{- if eq .type "kubernetes" -}}{{- $name = .name -}}{{- end -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* koreo.config.yaml: what the values make, and `config` laid over it. */}}
{{- define "koreo.config" -}}
{{- $resources := (include "koreo.resourceNamespaces" . | fromYaml).list -}}
{{- $definitions := (include "koreo.definitionNamespaces" . | fromYaml).list -}}
{{- $own := include "koreo.ownStore" . -}}
{{- $store := dict "name" $own "type" "kubernetes" -}}
{{- if $resources -}}
{{- $_ := set $store "namespaces" $resources -}}
{{- end -}}
{{- $config := dict
  "stores" (list $store)
  "definitions" (list (dict "store" $own "namespaces" $definitions))
  "logging" (dict "format" "json")
  "server" (dict "address" "0.0.0.0" "port" 8080)
-}}
{{- if .Values.controller.leaderElection.enabled -}}
{{- $_ := set $config "leaderElection" (dict
  "store" $own
  "namespace" .Release.Namespace
  "name" (include "koreo.fullname" .)
) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $config (deepCopy .Values.config)) -}}
{{- end -}}

{{/* A pod is given what runs are given to end, and a little more. */}}
{{- define "koreo.terminationGracePeriodSeconds" -}}
{{- $loop := default dict .Values.config.loop -}}
{{- add (ceil (default 30 $loop.stopGraceSeconds)) 10 -}}
{{- end -}}

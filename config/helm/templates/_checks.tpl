{{/* What no schema can say of the values. */}}
{{- define "koreo.checks" -}}
{{- $controller := .Values.controller -}}
{{- if and (gt (int $controller.replicas) 1) (not $controller.leaderElection.enabled) -}}
{{- fail (printf "controller.replicas is %d and controller.leaderElection.enabled is false: all of them would act at once. Enable it, or have one replica." (int $controller.replicas)) -}}
{{- end -}}
{{- $pdb := $controller.pdb -}}
{{- if and $pdb.enabled (not (kindIs "invalid" $pdb.minAvailable)) (not (kindIs "invalid" $pdb.maxUnavailable)) -}}
{{- fail "controller.pdb says both minAvailable and maxUnavailable, and a PodDisruptionBudget takes one: set the other to null." -}}
{{- end -}}
{{- end -}}
